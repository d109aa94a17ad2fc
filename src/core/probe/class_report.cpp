#include "probe/class_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "files/csv_row.hpp"
#include "probe/calibration.hpp"
#include "probe/class_counts.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

double mean_of(const std::vector<double>& values, const Rows& rows) {
  double sum = 0.0;
  for (const std::size_t row : rows) sum += values[row];
  return sum / static_cast<double>(rows.size());
}

/// What is measured of predictions, prepared for many selections of rows.
class Measurement {
 public:
  explicit Measurement(const Predictions& predictions)
      : labels_(predictions.labels),
        truth_(predictions.truth),
        decisions_(decisions_of(predictions.probabilities)),
        scaled_(predictions.probabilities, truth_, decisions_),
        raw_(predictions.raw_probabilities, truth_, decisions_) {}

  [[nodiscard]] std::vector<Measure> of(const Rows& rows) const {
    ClassCounts counts(labels_.size());
    for (const std::size_t row : rows) counts.add(truth_[row], decisions_[row]);
    std::vector<Measure> found;
    for (std::size_t k = 0; k < labels_.size(); ++k) {
      const auto add = [&](const char* name, double value, double trials) {
        found.push_back({name, labels_[k], value, static_cast<std::size_t>(trials)});
      };
      add("precision", counts.precision(k), counts.decided(k));
      add("recall", counts.recall(k), counts.true_ones(k));
      add("f1", counts.f1(k), counts.concerned(k));
    }
    const auto add = [&](const std::string& name, double value) {
      found.push_back({name, "", value, rows.size()});
    };
    for (const auto& [name, value] : counts.overall()) add(name, value);
    for (const Calibration* calibration : {&scaled_, &raw_}) {
      const std::string prefix = calibration == &raw_ ? "raw_" : "";
      add(prefix + "log_loss", mean_of(calibration->losses, rows));
      add(prefix + "brier", mean_of(calibration->brier, rows));
      add(prefix + "ece", calibration->certainty.calibration_error(rows));
    }
    return found;
  }

  /// The Wilson interval of a share of rows. @returns nothing for another measure
  [[nodiscard]] std::optional<Interval> wilson(const Measure& measure,
                                               const std::vector<std::size_t>& groups) const {
    const bool all = measure.name == "accuracy";
    if (!all && measure.name != "precision" && measure.name != "recall") return std::nullopt;
    const auto& of_class = measure.name == "recall" ? truth_ : decisions_;
    std::vector<double> successes;
    std::vector<std::size_t> groups_of_trials;
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      if (!all && labels_[of_class[i]] != measure.label) continue;
      successes.push_back(truth_[i] == decisions_[i] ? 1.0 : 0.0);
      groups_of_trials.push_back(groups[i]);
    }
    return wilson_interval(successes, groups_of_trials);
  }

 private:
  struct Calibration {
    std::vector<double> losses;
    std::vector<double> brier;
    Certainty certainty;

    Calibration(const Array2d<double>& probabilities, const std::vector<std::size_t>& truth,
                const Rows& decisions)
        : losses(log_losses(probabilities, truth)),
          brier(brier_scores(probabilities, truth)),
          certainty(probabilities, truth, decisions) {}
  };

  const std::vector<std::string>& labels_;
  const std::vector<std::size_t>& truth_;
  std::vector<std::size_t> decisions_;
  Calibration scaled_;
  Calibration raw_;
};

std::string interval_text(const Measure& measure) {
  return measure.interval
             ? fmt::format("  {:.2f}–{:.2f}", measure.interval->low, measure.interval->high)
             : fmt::format("  {:>9}", "—");
}

std::string value_text(const Measure& measure) {
  return measure.recordings == 0 ? fmt::format(" {:>9}", "—")
                                 : fmt::format(" {:>9.2f}", measure.value);
}

std::string line_text(const std::string& name, std::size_t width,
                      const std::vector<const Measure*>& measures, std::size_t support) {
  std::string line = fmt::format("{:>{}} ", name, width);
  if (measures.size() == 1) line += std::string(20, ' ');
  for (const Measure* measure : measures) line += value_text(*measure);
  line += fmt::format(" {:>9}", support);
  if (measures.size() == 1) line += std::string(22, ' ');
  for (const Measure* measure : measures) line += interval_text(*measure);
  return line + "\n";
}

}  // namespace

Rows decisions_of(const Array2d<double>& scores) {
  Rows decisions;
  for (std::size_t i = 0; i < scores.rows; ++i) {
    const auto row = scores.row(i);
    decisions.push_back(static_cast<std::size_t>(std::ranges::max_element(row) - row.begin()));
  }
  return decisions;
}

Array2d<double> confusion_of(const Predictions& predictions) {
  Array2d<double> counts(predictions.labels.size(), predictions.labels.size());
  const Rows decisions = decisions_of(predictions.probabilities);
  for (std::size_t i = 0; i < decisions.size(); ++i)
    counts(predictions.truth[i], decisions[i]) += 1.0;
  return counts;
}

const Measure& ClassReport::at(const std::string& name, const std::string& label) const {
  return *std::ranges::find_if(
      measures, [&](const Measure& m) { return m.name == name && m.label == label; });
}

ClassReport report_of(const Predictions& predictions, std::uint64_t seed, bool bootstrap) {
  const Measurement measurement(predictions);
  ClassReport report{measurement.of(all_rows(predictions.truth.size()))};
  for (Measure& measure : report.measures) {
    measure.interval = measurement.wilson(measure, predictions.groups);
  }
  if (!bootstrap) return report;
  const std::vector<Interval> intervals = group_bootstrap(
      predictions.groups,
      [&measurement](const Rows& rows) {
        std::vector<double> values;
        for (const Measure& measure : measurement.of(rows)) values.push_back(measure.value);
        return values;
      },
      seed);
  for (std::size_t i = 0; i < report.measures.size(); ++i) {
    Measure& measure = report.measures[i];
    if (measure.recordings > 0 && !measure.interval) measure.interval = intervals[i];
  }
  return report;
}

std::string report_text(const ClassReport& report, const std::vector<std::string>& labels) {
  std::size_t width = std::string("weighted avg").size();
  for (const std::string& label : labels) width = std::max(width, label.size());
  std::string text = fmt::format("{:>{}} ", "", width);
  for (const char* name : {"precision", "recall", "f1-score", "support"}) {
    text += fmt::format(" {:>9}", name);
  }
  text += "  95 % intervals\n\n";
  const std::size_t total = report.at("accuracy").recordings;
  for (const std::string& label : labels) {
    const Measure& recall = report.at("recall", label);
    text +=
        line_text(label, width, {&report.at("precision", label), &recall, &report.at("f1", label)},
                  recall.recordings);
  }
  text += '\n';
  text += line_text("accuracy", width, {&report.at("accuracy")}, total);
  for (const std::string mean : {"macro", "weighted"}) {
    text += line_text(
        mean + " avg", width,
        {&report.at(mean + "_precision"), &report.at(mean + "_recall"), &report.at(mean + "_f1")},
        total);
  }
  return text;
}

void add_interval(core::CsvRow& row, const std::optional<Interval>& interval) {
  row.number(interval ? std::optional(interval->low) : std::nullopt);
  row.number(interval ? std::optional(interval->high) : std::nullopt);
}

std::string report_rows(const ClassReport& report, const std::string& of) {
  std::string text;
  for (const Measure& measure : report.measures) {
    core::CsvRow row;
    if (!of.empty()) row.text(of);
    row.text(measure.name);
    row.text(measure.label);
    row.number(measure.value);
    add_interval(row, measure.interval);
    row.count(measure.recordings);
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

}  // namespace relax_spectro
