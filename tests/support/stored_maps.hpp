#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>

#include "relax_spectro/results/stored_map.hpp"

namespace relax_spectro::test {

/// A map of cells of 5 x 5 bins without contrast, a frame every 0.1 s and a band every 100 Hz, with
/// standard errors of 1.
inline StoredMap flat_map(std::size_t cell_rows = 7, std::size_t cell_columns = 7) {
  const std::size_t rows = 5 * cell_rows;
  const std::size_t columns = 5 * cell_columns;
  StoredMap map;
  map.contrast = map.importance = Array2d<double>(rows, columns, 0.0);
  map.standard_error = map.contrast_error = Array2d<double>(rows, columns, 1.0);
  for (std::size_t t = 0; t < columns; ++t) map.time_s.push_back(0.1 * static_cast<double>(t));
  for (std::size_t f = 0; f < rows; ++f) {
    map.frequency_hz.push_back(100.0 * static_cast<double>(f + 1));
  }
  map.degrees_of_freedom = 15;
  map.cells = cell_rows * cell_columns;
  return map;
}

/// Makes the contrast of a rectangle of bins so high.
inline void raise(StoredMap& map, std::size_t row, std::size_t column, std::size_t side,
                  double height) {
  for (std::size_t r = row; r < row + side; ++r) {
    for (std::size_t c = column; c < column + side; ++c) map.contrast(r, c) += height;
  }
}

/// Adds the noise that the standard errors tell of, alike in all bins of a cell, to the contrast,
/// and estimates the standard errors anew from as many blocks as the degrees of freedom say.
inline StoredMap with_noise(StoredMap map, std::uint64_t seed) {
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

}  // namespace relax_spectro::test
