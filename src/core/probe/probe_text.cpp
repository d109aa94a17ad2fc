#include "probe/probe_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
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

std::string distribution_text(const ProbeData& data) {
  std::map<std::string, std::pair<std::size_t, std::size_t>> counts;
  for (const auto& [label, count] : data.before_map) counts[label].first = count;
  for (const auto& [label, count] : data.after_map) counts[label].second = count;
  std::size_t width = std::string("recordings").size();
  for (const auto& [label, count] : counts) width = std::max(width, label.size());
  std::string text = fmt::format("{:>{}} {:>9} {:>9}\n\n", "recordings", width, "before", "after");
  for (const auto& [label, count] : counts) {
    text += fmt::format("{:>{}} {:>9} {:>9}\n", label, width, count.first, count.second);
  }
  return text;
}

std::string findings_text(const Probe& probe) {
  const auto line = [](const std::string& name, double value,
                       const std::optional<Interval>& interval, const char* what = "95 %:") {
    std::string text = fmt::format("{:<24} {:.3f}", name, value);
    if (interval) text += fmt::format("  {} {:.3f}–{:.3f}", what, interval->low, interval->high);
    return text + "\n";
  };
  const Measure& accuracy = probe.report.at("accuracy");
  std::string text = line("accuracy", accuracy.value, accuracy.interval);
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
    text += line(title, measure.value, measure.interval);
  }
  return text;
}

}  // namespace relax_spectro
