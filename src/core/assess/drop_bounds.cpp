#include "assess/drop_bounds.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <utility>

#include "probe/calibration.hpp"
#include "probe/class_counts.hpp"

namespace relax_spectro {
namespace {

/// Says whether another file is to be left out, from the number of those and the measure's value.
using GoOn = std::function<bool(std::size_t dropped, double value)>;

enum class Towards { least, greatest };

/// Means without the values that move them most.
std::vector<double> means_without(std::vector<double> values, Towards towards, const GoOn& go_on) {
  std::ranges::sort(values);
  if (towards == Towards::least) std::ranges::reverse(values);
  // Sums from the end on, so that the remaining values are summed and none is taken back.
  std::vector<double> sums(values.size());
  std::inclusive_scan(values.rbegin(), values.rend(), sums.rbegin());
  std::vector<double> means;
  do {
    const std::size_t dropped = means.size() + 1;
    means.push_back(sums[dropped] / static_cast<double>(values.size() - dropped));
  } while (go_on(means.size(), means.back()));
  return means;
}

using MeasureOfCounts = double (ClassCounts::*)() const;

/// The values of a measure on the greedy search's way. Files with the same truth and decision do not
/// differ, so that one of each kind is tried.
std::vector<double> greedy_values(const Predictions& predictions, const Rows& decisions,
                                  MeasureOfCounts measure, Towards towards, const GoOn& go_on) {
  ClassCounts counts(predictions.labels.size());
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> kinds;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    counts.add(predictions.truth[i], decisions[i]);
    ++kinds[{predictions.truth[i], decisions[i]}];
  }
  const double sign = towards == Towards::least ? 1.0 : -1.0;
  std::vector<double> values;
  do {
    auto best = kinds.end();
    double best_value = 0.0;
    for (auto kind = kinds.begin(); kind != kinds.end(); ++kind) {
      const auto [truth, decision] = kind->first;
      counts.remove(truth, decision);
      const double value = (counts.*measure)();
      counts.add(truth, decision);
      if (best != kinds.end() && sign * value >= sign * best_value) continue;
      best = kind;
      best_value = value;
    }
    counts.remove(best->first.first, best->first.second);
    if (--best->second == 0) kinds.erase(best);
    values.push_back(best_value);
  } while (go_on(values.size(), values.back()));
  return values;
}

std::vector<double> right_ones(const Predictions& predictions, const Rows& decisions) {
  std::vector<double> right;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    right.push_back(decisions[i] == predictions.truth[i] ? 1.0 : 0.0);
  }
  return right;
}

std::vector<double> values_of(const std::string& measure, const Predictions& predictions,
                              Towards towards, const GoOn& go_on) {
  const Rows decisions = decisions_of(predictions.probabilities);
  if (measure == "accuracy") {
    return means_without(right_ones(predictions, decisions), towards, go_on);
  }
  if (measure == "log_loss") {
    return means_without(log_losses(predictions.probabilities, predictions.truth), towards, go_on);
  }
  return greedy_values(predictions, decisions,
                       measure == "kappa" ? &ClassCounts::kappa : &ClassCounts::macro_f1, towards,
                       go_on);
}

/// The number of the first value that satisfies a condition.
template <typename Condition>
std::optional<std::size_t> first_where(const std::vector<double>& values, const Condition& holds) {
  const auto found = std::ranges::find_if(values, holds);
  if (found == values.end()) return std::nullopt;
  return static_cast<std::size_t>(found - values.begin()) + 1;
}

std::optional<std::size_t> fewer(std::optional<std::size_t> a, std::optional<std::size_t> b) {
  return a && b ? std::min(a, b) : (a ? a : b);
}

}  // namespace

const std::vector<std::string>& bounded_measures() {
  static const std::vector<std::string> kMeasures{"accuracy", "macro_f1", "kappa", "log_loss"};
  return kMeasures;
}

std::vector<DropBounds> drop_bounds(const Predictions& predictions, const ClassReport& report,
                                    const std::optional<MeasureThreshold>& threshold) {
  const std::size_t files = predictions.truth.size();
  const std::size_t tenth = std::max<std::size_t>(1, files / 10);
  std::vector<DropBounds> found;
  for (const std::string& measure : bounded_measures()) {
    const Measure& all = report.at(measure);
    const bool rising = measure == "log_loss";
    const bool has_threshold = threshold && threshold->measure == measure;
    const auto fails = [&](double value) {
      return rising ? value > threshold->value : value < threshold->value;
    };
    const auto left_low = [&](double value) { return value < all.interval->low; };
    const auto left_high = [&](double value) { return value > all.interval->high; };
    const auto until = [&](const auto& left, bool to_threshold) -> GoOn {
      return [&, to_threshold](std::size_t dropped, double value) {
        if (2 * dropped + 2 > files) return false;
        return dropped < tenth || !left(value) || (to_threshold && !fails(value));
      };
    };
    DropBounds bounds{measure, {}, {}, {}, {}};
    bounds.least =
        values_of(measure, predictions, Towards::least, until(left_low, has_threshold && !rising));
    bounds.greatest = values_of(measure, predictions, Towards::greatest,
                                until(left_high, has_threshold && rising));
    bounds.to_leave_interval =
        fewer(first_where(bounds.least, left_low), first_where(bounds.greatest, left_high));
    if (has_threshold) {
      bounds.to_threshold = fails(all.value)
                                ? std::optional<std::size_t>(0)
                                : first_where(rising ? bounds.greatest : bounds.least, fails);
    }
    bounds.least.resize(std::min(tenth, bounds.least.size()));
    bounds.greatest.resize(std::min(tenth, bounds.greatest.size()));
    found.push_back(std::move(bounds));
  }
  return found;
}

}  // namespace relax_spectro
