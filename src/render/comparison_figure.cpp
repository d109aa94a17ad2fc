#include "relax_spectro/render/comparison_figure.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>

#include "relax_spectro/check/prediction_change.hpp"

namespace relax_spectro {
namespace {

Array2d<double> plain_difference(const StoredMap& baseline, const StoredMap& current) {
  Array2d<double> difference = current.contrast;
  for (std::size_t bin = 0; bin < difference.values.size(); ++bin) {
    difference.values[bin] -= baseline.contrast.values[bin];
  }
  return difference;
}

/// The cell that differs most.
TimeFrequencyBox differing_cell(const StoredMap& map, const MapComparison& comparison) {
  return cell_around(map.mask_cells, map.time_s, map.frequency_hz, comparison.row,
                     comparison.column);
}

std::string summary_of(const StoredMap& baseline, const StoredMap& current,
                       const MapComparison& comparison) {
  std::string text;
  const std::optional<PredictionChange> prediction = compare_predictions(baseline, current);
  if (prediction && prediction->is_change()) text = classes_text(*prediction) + "  ·  ";
  text += comparison.correlation.value
              ? fmt::format("correlation {:.3f}", *comparison.correlation.value)
              : "one of the maps is constant";
  if (comparison.standard_errors.value) {
    const TimeFrequencyBox cell = rounded(differing_cell(baseline, comparison));
    text += fmt::format(
        "  ·  largest difference {:.1f} standard errors, at {:.2f}-{:.2f} s, {:.0f}-{:.0f} Hz",
        *comparison.standard_errors.value, cell.begin_s, cell.end_s, cell.low_hz, cell.high_hz);
  }
  if (comparison.shift_s.value && comparison.shift_hz.value) {
    text += fmt::format("  ·  centre {:+.3f} s, {:+.0f} Hz", *comparison.shift_s.value,
                        *comparison.shift_hz.value);
  }
  return text;
}

}  // namespace

Figure comparison_figure(const StoredMap& baseline, const StoredMap& current,
                         const MapComparison& comparison, const std::string& title) {
  Figure figure;
  figure.title = title;
  figure.subtitle = summary_of(baseline, current, comparison);
  figure.panels = {
      {"Baseline: importance, above its window's mean score", "score", baseline.contrast},
      {"Current", "score", current.contrast}};
  if (comparison.standard_errors.value) {
    figure.panels.push_back({"Difference: current less baseline", "standard errors",
                             comparison.difference, differing_cell(baseline, comparison)});
  } else {
    figure.panels.push_back(
        {"Difference: current less baseline", "score", plain_difference(baseline, current)});
  }
  figure.time_s = baseline.time_s;
  figure.frequency_hz = baseline.frequency_hz;
  return figure;
}

}  // namespace relax_spectro
