#include "check/map_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <span>

#include "base/finite_mean.hpp"
#include "base/require.hpp"
#include "evaluation/map_similarity.hpp"
#include "results/contrast_error.hpp"

namespace relax_spectro {
namespace {

// Note [How far noise alone goes]
// Two seeds of one model give two maps that differ by noise, as their standard errors predict.
// `false_alarms` is divided equally among four measures. In a map of W windows of C cells each:
//   * The largest difference is a maximum of Student t values: see Note [How many values are
//     independent].
//   * With noise / contrast h, the correlation is about 1 / sqrt((1 + h1^2) (1 + h2^2)). Fisher's z
//     of it (atanh) has a standard deviation of at most 1 / sqrt(C - 3). More windows do not lower
//     this limit, because they share their masks and their errors may be correlated.
//   * The centre of the positive contrast is a weighted mean. Its variance follows from the
//     standard errors of the bins, if all bins of a cell vary together, in all windows, and no
//     others do. Neighbouring cells also vary together a little: kNeighbours fits the measurements.
// scripts/benchmarks/measure_check.py measures this; scripts/benchmarks/RESULTS.md has the numbers.
constexpr double kMeasures = 4.0;
constexpr double kNeighbours = 2.0;
// Scores come from floats: a difference below this fraction of the map's level is rounding error.
constexpr double kRounding = 1e-7;
// Maps without noise (of sweeps) may still come from another processor.
constexpr double kSameMap = 0.99;

double mean_square(std::span<const double> values) {
  return core::finite_mean(values, [](double value) { return value * value; });
}

double variance(std::span<const double> values) {
  const double mean = core::finite_mean(values);
  return mean_square(values) - mean * mean;
}

/// The random error of a map.
struct Noise {
  double squared_error = 0.0;  ///< mean over bins
  double degrees = 0.0;        ///< of freedom; 0: nothing is random, or unknown

  explicit Noise(const ComparedMap& map)
      : squared_error(mean_square(map.contrast_error.values)),
        degrees(static_cast<double>(map.degrees_of_freedom)) {}
};

/// Degrees of freedom for the difference of two maps (Welch, Biometrika 34, 1947); 0 without noise.
double welch_degrees(const Noise& a, const Noise& b) {
  if (a.degrees == 0.0 || b.degrees == 0.0) return 0.0;
  const double sum = a.squared_error + b.squared_error;
  if (sum == 0.0) return std::min(a.degrees, b.degrees);  // maps of constant models
  return sum * sum /
         (a.squared_error * a.squared_error / a.degrees +
          b.squared_error * b.squared_error / b.degrees);
}

/// The differences of the contrast in standard errors.
Array2d<double> difference_of(const ComparedMap& baseline, const ComparedMap& current) {
  const double rounding = kRounding * std::sqrt(std::max(mean_square(baseline.importance.values),
                                                         mean_square(current.importance.values)));
  Array2d<double> difference(baseline.contrast.rows, baseline.contrast.columns);
  for (std::size_t bin = 0; bin < difference.values.size(); ++bin) {
    const double error = std::hypot(baseline.contrast_error.values[bin],
                                    current.contrast_error.values[bin], rounding);
    const double change = current.contrast.values[bin] - baseline.contrast.values[bin];
    difference.values[bin] = change == 0.0 ? 0.0 : change / error;
  }
  return difference;
}

/// Finds the largest difference and its place.
void take_largest(MapComparison& comparison) {
  const Array2d<double>& difference = comparison.difference;
  for (std::size_t bin = 0; bin < difference.values.size(); ++bin) {
    const double size = std::abs(difference.values[bin]);
    if (!std::isfinite(size) || size <= comparison.standard_errors.value.value_or(-1.0)) continue;
    comparison.standard_errors.value = size;
    comparison.row = bin / difference.columns;
    comparison.column = bin % difference.columns;
  }
}

/// The centre of a map's positive contrast along an axis, and its variance due to noise.
struct Centre {
  double place = 0.0;
  double variance = 0.0;
  bool known = false;  ///< false if there is no positive contrast
};

enum class Axis { time, frequency };

Centre centre_of(const ComparedMap& map, Axis axis) {
  const auto place_of = [&](std::size_t bin) {
    return axis == Axis::time ? map.time_s[bin % map.contrast.columns]
                              : map.frequency_hz[bin / map.contrast.columns];
  };
  const std::vector<double>& contrast = map.contrast.values;
  double weight = 0.0;
  Centre centre;
  for (std::size_t bin = 0; bin < contrast.size(); ++bin) {
    if (!(contrast[bin] > 0.0)) continue;  // also skips NaN
    weight += contrast[bin];
    centre.place += contrast[bin] * place_of(bin);
  }
  if (weight == 0.0) return centre;
  centre.known = true;
  centre.place /= weight;
  for (std::size_t bin = 0; bin < contrast.size(); ++bin) {
    const double error = map.contrast_error.values[bin];
    if (!(contrast[bin] > 0.0) || !std::isfinite(error)) continue;
    const double pull = (place_of(bin) - centre.place) * error / weight;
    centre.variance += pull * pull;
  }
  const double bins_per_cell = static_cast<double>(contrast.size()) /
                               static_cast<double>(std::max<std::size_t>(map.cells, 1));
  centre.variance *= kNeighbours * bins_per_cell;
  return centre;
}

/// The distance between neighbouring bins at a place on an axis.
double spacing_at(const std::vector<double>& axis, double place) {
  if (axis.size() < 2) return 0.0;
  const auto above = std::ranges::upper_bound(axis, place);
  const std::ptrdiff_t next = std::clamp<std::ptrdiff_t>(
      above - axis.begin(), 1, static_cast<std::ptrdiff_t>(axis.size()) - 1);
  return axis[static_cast<std::size_t>(next)] - axis[static_cast<std::size_t>(next) - 1];
}

/// The shift of the centre. The default limit is what noise explains, and at least one bin.
CheckedNumber shift_along(Axis axis, const ComparedMap& baseline, const ComparedMap& current,
                          std::optional<double> limit, double quantile) {
  const Centre before = centre_of(baseline, axis);
  const Centre now = centre_of(current, axis);
  if (!before.known || !now.known) return {std::nullopt, std::nullopt};
  const double bin =
      spacing_at(axis == Axis::time ? baseline.time_s : baseline.frequency_hz, before.place);
  const double noise = std::sqrt(before.variance + now.variance);
  return {now.place - before.place, limit.value_or(std::max(bin, quantile * noise))};
}

/// The smallest correlation expected of two maps of one model. Nothing if a map is not above its
/// noise, because the correlation is then meaningless.
std::optional<double> correlation_limit(const ComparedMap& baseline, const ComparedMap& current,
                                        double cells, double quantile) {
  double expected = 1.0;
  for (const ComparedMap* map : {&baseline, &current}) {
    const double all = variance(map->contrast.values);
    const double noise = Noise(*map).squared_error;
    if (all <= noise) return std::nullopt;
    expected *= std::sqrt((all - noise) / all);
  }
  if (expected >= 1.0) return kSameMap;
  if (cells <= 3.0) return std::nullopt;  // too few for Fisher's formula
  return std::min(kSameMap, std::tanh(std::atanh(expected) - quantile / std::sqrt(cells - 3.0)));
}

bool at_most(const CheckedNumber& measure) {
  return !measure.limit || !measure.value || std::abs(*measure.value) <= *measure.limit;
}

}  // namespace

ComparedMap compared_map(const Result& result) {
  const Explanation& explanation = result.explanation;
  const Shape2d grid = explanation.method.grid;
  return {explanation.saliency.importance,
          explanation.contrast,
          contrast_errors(explanation),
          explanation.spectrogram.time_s,
          explanation.spectrogram.frequency_hz,
          degrees_of_freedom(explanation),
          explanation.sizes.empty() ? grid.rows * grid.columns : 0,
          explanation.windows.size()};
}

void ComparisonLimits::validate() const {
  const auto require_at_least_0 = [](const std::optional<double>& value, const char* option) {
    core::require(!value || (std::isfinite(*value) && *value >= 0.0),
                  fmt::format("{} is {}; expected 0 or more", option, value.value_or(0.0)));
  };
  core::require(
      !least_correlation || (*least_correlation >= -1.0 && *least_correlation <= 1.0),
      fmt::format("--min-correlation is {}; expected -1 to 1", least_correlation.value_or(0.0)));
  require_at_least_0(most_standard_errors, "--max-difference");
  require_at_least_0(most_shift_s, "--max-shift-s");
  require_at_least_0(most_shift_hz, "--max-shift-hz");
  core::require(
      false_alarms > 0.0 && false_alarms < 1.0,
      fmt::format("--false-alarms is {}; expected more than 0 and less than 1", false_alarms));
}

bool MapComparison::correlates() const {
  return !correlation.limit || (correlation.value && *correlation.value >= *correlation.limit);
}
bool MapComparison::differs_at_most() const { return at_most(standard_errors); }
bool MapComparison::stays_in_time() const { return at_most(shift_s); }
bool MapComparison::stays_in_frequency() const { return at_most(shift_hz); }
bool MapComparison::unchanged() const {
  return correlates() && differs_at_most() && stays_in_time() && stays_in_frequency();
}

MapComparison compare_maps(const ComparedMap& baseline, const ComparedMap& current,
                           const ComparisonLimits& limits) {
  limits.validate();
  core::require(baseline.time_s.size() == current.time_s.size() &&
                    baseline.frequency_hz.size() == current.frequency_hz.size(),
                "maps of different shapes cannot be compared");
  const double chance = limits.false_alarms / kMeasures;
  const auto cells = static_cast<double>(std::min(baseline.cells, current.cells));
  const auto windows = static_cast<double>(std::max(baseline.windows, current.windows));
  const double one_sided = quantile(complement(boost::math::normal(), chance));
  const double two_sided = quantile(complement(boost::math::normal(), chance / 2.0));

  MapComparison comparison;
  comparison.correlation = {map_correlation(baseline.contrast, current.contrast),
                            limits.least_correlation
                                ? limits.least_correlation
                                : correlation_limit(baseline, current, cells, one_sided)};
  comparison.shift_s = shift_along(Axis::time, baseline, current, limits.most_shift_s, two_sided);
  comparison.shift_hz =
      shift_along(Axis::frequency, baseline, current, limits.most_shift_hz, two_sided);
  comparison.difference = difference_of(baseline, current);
  const double degrees = welch_degrees(Noise(baseline), Noise(current));
  if (degrees == 0.0) return comparison;  // no standard errors to compare with
  take_largest(comparison);
  comparison.standard_errors.limit =
      limits.most_standard_errors.value_or(largest_by_chance(cells * windows, degrees, chance));
  return comparison;
}

}  // namespace relax_spectro
