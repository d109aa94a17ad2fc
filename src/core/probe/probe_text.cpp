#include "probe/probe_text.hpp"

#include <fmt/format.h>

#include <utility>

namespace relax_spectro {

std::string verdict_of(const Probe& probe) {
  const Measure& accuracy = probe.report.at("accuracy");
  const Interval interval = accuracy.interval.value();
  const auto& [majority, bands, shuffled] = probe.controls;
  return fmt::format(
      "Accuracy {:.3f} (95 %: {:.3f}\u2013{:.3f}) on {} recordings. For comparison: the largest "
      "class {:.3f}, a probe on bands {:.3f}, shuffled labels {:.3f}.",
      accuracy.value, interval.low, interval.high, accuracy.recordings, majority.accuracy,
      bands.accuracy, shuffled.accuracy);
}

std::string findings_text(const Probe& probe) {
  const auto line = [](const std::string& name, double value, const Interval& interval,
                       const char* what = "95 %:") {
    return fmt::format("{:<24} {:.3f}  {} {:.3f}–{:.3f}\n", name, value, what, interval.low,
                       interval.high);
  };
  const Measure& accuracy = probe.report.at("accuracy");
  std::string text = line("accuracy", accuracy.value, accuracy.interval.value());
  const auto& [majority, bands, shuffled] = probe.controls;
  text += line("  of the largest class", majority.accuracy, majority.interval);
  text += line("  of a probe on bands", bands.accuracy, bands.interval);
  text += line("  with shuffled labels", shuffled.accuracy, shuffled.interval, "20 times:");
  for (std::size_t i = 0; i < probe.folds.size(); ++i) {
    const TestedFold& fold = probe.folds[i];
    text += fmt::format("  {:<22} {:.3f}  C = {:g}, temperature {:.2f}\n", "fold " + fold.fold.name,
                        probe.accuracy_of(i), fold.chosen.c, fold.chosen.temperature);
  }
  for (const auto& [title, name] : {std::pair{"log loss", "log_loss"},
                                    {"Brier score", "brier"},
                                    {"calibration error", "ece"}}) {
    const Measure& measure = probe.report.at(name);
    text += line(title, measure.value, measure.interval.value());
  }
  return text;
}

}  // namespace relax_spectro
