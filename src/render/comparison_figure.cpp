#include "comparison_figure.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "check/prediction_change.hpp"
#include "map_panel.hpp"
#include "results/mask_cells.hpp"

namespace relax_spectro {
namespace {

Array2d<double> plain_difference(const Result& baseline, const Result& current) {
  Array2d<double> difference = current.explanation.contrast;
  for (std::size_t bin = 0; bin < difference.values.size(); ++bin) {
    difference.values[bin] -= baseline.explanation.contrast.values[bin];
  }
  return difference;
}

/// The cell with the largest difference.
TimeFrequencyBox differing_cell(const Result& result, const MapComparison& comparison) {
  return cell_around(mask_cells(result), result.explanation.spectrogram, comparison.row,
                     comparison.column);
}

std::string summary_of(const Result& baseline, const Result& current,
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

Figure comparison_figure(const Result& baseline, const Result& current,
                         const MapComparison& comparison, const std::string& title) {
  Figure figure;
  figure.title = title;
  figure.subtitle = summary_of(baseline, current, comparison);
  for (const auto& [name, result] :
       {std::pair{"Baseline: ", &baseline}, std::pair{"Current: ", &current}}) {
    figure.panels.push_back(map_panel(*result, "contrast", result->explanation.contrast));
    figure.panels.back().title = name + figure.panels.back().title;
    figure.panels.back().scale_name = figure.panels.back().unit;
  }
  if (comparison.standard_errors.value) {
    figure.panels.push_back({"Difference: current minus baseline", "standard errors",
                             comparison.difference, differing_cell(baseline, comparison)});
  } else {
    figure.panels.push_back(
        {"Difference: current minus baseline", "score", plain_difference(baseline, current)});
  }
  figure.panels.back().is_signed = true;
  figure.time_s = baseline.explanation.spectrogram.time_s;
  figure.frequency_hz = baseline.explanation.spectrogram.frequency_hz;
  return figure;
}

}  // namespace relax_spectro
