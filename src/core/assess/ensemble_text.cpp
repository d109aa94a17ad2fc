#include "assess/ensemble_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "files/csv_row.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

const Comparison* comparison_of(const EnsembleStudy* study, const std::string& system) {
  if (study == nullptr) return nullptr;
  const auto found = std::ranges::find(study->comparisons, system, &Comparison::system);
  return found == study->comparisons.end() ? nullptr : &*found;
}

std::string difference_text(const Difference& difference) {
  return fmt::format("{:+.3f} ({:+.3f} to {:+.3f}), p = {:.2g}", difference.value,
                     difference.interval.low, difference.interval.high, difference.p.value());
}

struct MemberRow {
  const std::string& system;
  const char* measure;
  double value;
  std::optional<Interval> interval;
};

std::string member_line(const MemberRow& of, const Comparison* comparison) {
  const Difference* difference = nullptr;
  if (comparison != nullptr) {
    difference = &*std::ranges::find(comparison->differences, of.measure, &Difference::measure);
  }
  core::CsvRow row;
  row.text(of.system);
  row.text(of.measure);
  row.number(of.value);
  add_interval(row, of.interval);
  row.text(difference != nullptr ? comparison->with : "");
  row.number(difference != nullptr ? std::optional(difference->value) : std::nullopt);
  add_interval(row, difference != nullptr ? std::optional(difference->interval) : std::nullopt);
  row.number(difference != nullptr ? difference->p : std::nullopt);
  row.text(std::string(version()));
  return row.line();
}

}  // namespace

std::string ensemble_text(const EnsembleStudy& study, const std::vector<System>& systems) {
  const System& best = systems[study.best];
  std::size_t width = std::string("geometric mean").size();
  for (const Comparison& one : study.comparisons) width = std::max(width, one.system.size());
  std::string text = fmt::format(
      "{:<{}}  accuracy  macro F1  log loss  accuracy minus that of {}\n\n", "", width, best.name);
  for (std::size_t s = 0; s < systems.size(); ++s) {
    const System& system = systems[s];
    text += fmt::format("{:<{}}  {:>8.3f}  {:>8.3f}  {:>8.3f}", system.name, width,
                        system.report.at("accuracy").value, system.report.at("macro_f1").value,
                        system.report.at("log_loss").value);
    const Comparison* comparison = comparison_of(&study, system.name);
    if (comparison != nullptr) text += "  " + difference_text(comparison->differences.front());
    if (s < study.only_right.size() && !study.only_right[s].empty()) {
      text += fmt::format("  alone right in {}", study.only_right[s].size());
    }
    text += '\n';
  }
  for (const Comparison& one : study.comparisons) {
    if (one.with == best.name) continue;
    text += fmt::format("{:<{}}  accuracy minus that of {}: {}\n", one.system, width, one.with,
                        difference_text(one.differences.front()));
  }
  const auto& [ensemble, member, divergence] = study.decomposition;
  text += fmt::format(
      "\nLog loss of the geometric mean: {:.3f}, the members' mean {:.3f} minus their divergence "
      "{:.3f}.\n",
      ensemble, member, divergence);
  return text;
}

std::string members_csv(const EnsembleStudy* study, const std::vector<System>& systems) {
  std::string text =
      "system,measure,value,low,high,compared_with,difference,difference_low,difference_high,p,"
      "relax_spectro\n";
  for (const System& system : systems) {
    for (const char* name : kComparedMeasures) {
      const Measure& measure = system.report.at(name);
      text += member_line({system.name, name, measure.value, measure.interval},
                          comparison_of(study, system.name));
    }
  }
  if (study == nullptr) return text;
  for (const Comparison& one : study->comparisons) {
    const auto with = std::ranges::find(systems, one.with, &System::name);
    if (std::ranges::count(systems, one.system, &System::name) > 0) continue;
    for (std::size_t m = 0; m < kComparedMeasures.size(); ++m) {
      const double value = with->report.at(kComparedMeasures[m]).value + one.differences[m].value;
      text += member_line({one.system, kComparedMeasures[m], value, std::nullopt}, &one);
    }
  }
  return text;
}

}  // namespace relax_spectro
