#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "check/map_comparison.hpp"
#include "support/analytic_models.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"

namespace relax_spectro::test {

/// A map with cells of 5 x 5 bins and no contrast. Frames are 0.1 s and bands 100 Hz apart, and
/// standard errors are 1.
inline ComparedMap flat_map(std::size_t cell_rows = 7, std::size_t cell_columns = 7) {
  const std::size_t rows = 5 * cell_rows;
  const std::size_t columns = 5 * cell_columns;
  ComparedMap map;
  map.contrast = map.importance = Array2d<double>(rows, columns, 0.0);
  map.contrast_error = Array2d<double>(rows, columns, 1.0);
  for (std::size_t t = 0; t < columns; ++t) map.time_s.push_back(0.1 * static_cast<double>(t));
  for (std::size_t f = 0; f < rows; ++f) {
    map.frequency_hz.push_back(100.0 * static_cast<double>(f + 1));
  }
  map.degrees_of_freedom = 15;
  map.cells = cell_rows * cell_columns;
  return map;
}

/// Sets the contrast of a rectangle of bins.
inline void raise(Array2d<double>& contrast, std::size_t row, std::size_t column, std::size_t side,
                  double height) {
  for (std::size_t r = row; r < row + side; ++r) {
    for (std::size_t c = column; c < column + side; ++c) contrast(r, c) += height;
  }
}

/// Adds noise to the contrast, as large as its standard errors and equal within each cell. Then
/// estimates the standard errors again, with the degrees of freedom that the map states.
inline ComparedMap with_noise(ComparedMap map, std::uint64_t seed) {
  std::mt19937_64 draws(seed);
  std::normal_distribution<double> normal;
  const std::size_t degrees = map.degrees_of_freedom;
  for (std::size_t row = 0; row < map.contrast.rows; row += 5) {
    for (std::size_t column = 0; column < map.contrast.columns; column += 5) {
      const double noise = normal(draws);
      double squares = 0.0;
      for (std::size_t i = 0; i < degrees; ++i) {
        const double draw = normal(draws);
        squares += draw * draw;
      }
      const double estimate = std::sqrt(squares / static_cast<double>(degrees));
      for (std::size_t r = row; r < row + 5; ++r) {
        for (std::size_t c = column; c < column + 5; ++c) {
          map.contrast(r, c) += noise * map.contrast_error(r, c);
          map.contrast_error(r, c) *= estimate;
        }
      }
    }
  }
  return map;
}

/// The same as a result of one window, with the arrays for regions and comparisons.
inline Result flat_result(std::size_t cell_rows = 7, std::size_t cell_columns = 7) {
  const ComparedMap map = flat_map(cell_rows, cell_columns);
  Result result;
  Explanation& explanation = result.explanation;
  explanation.contrast = explanation.saliency.importance = map.contrast;
  explanation.saliency.standard_error = map.contrast_error;
  explanation.spectrogram.time_s = map.time_s;
  explanation.spectrogram.frequency_hz = map.frequency_hz;
  explanation.method.grid.rows = cell_rows;
  explanation.method.grid.columns = cell_columns;
  explanation.windows.resize(1);
  explanation.windows[0].frames = {0, map.time_s.size()};
  explanation.windows[0].blocks = map.degrees_of_freedom + 1;
  result.card.front_end.bands = map.frequency_hz.size();
  result.provenance.input_duration_s = map.time_s.back();
  return result;
}

/// Explains noise with a model that reacts to a rectangle, as a result that can be written.
inline Result explained_noise(const ExplainOptions& options, double duration_s = 0.35) {
  RectangleModel model({4, 8, 5, 10});
  Result result;
  result.options = options;
  result.explanation = explain_with(model, noise(duration_s, 8000), options);
  result.card = model.card();
  result.provenance.input = {"noise.wav", std::string(64, 'a')};
  result.provenance.input_sample_rate_hz = 8000;
  result.provenance.input_duration_s = duration_s;
  result.provenance.model = {"net.pt", std::string(64, 'b')};
  return result;
}

/// This many masks of 4 x 5 cells.
inline ExplainOptions quick_options(std::size_t masks = 64) {
  ExplainOptions options;
  options.masks.count = masks;
  options.masks.grid = {4, 5};
  return options;
}

}  // namespace relax_spectro::test
