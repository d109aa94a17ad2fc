#include "masks/mask.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "masks/mask_design.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// The published law, step by step on whole images: upsample, pad by reflection, crop.
Array2d<double> published_mask(const Mask& mask, Shape2d grid, Shape2d bins) {
  const auto sample = [&](std::size_t bin, std::size_t cells, std::size_t count) {
    const double position =
        std::max(0.0, (static_cast<double>(bin) + 0.5) * static_cast<double>(cells) /
                              static_cast<double>(count) -
                          0.5);
    return std::pair{static_cast<std::size_t>(position), position - std::floor(position)};
  };
  Array2d<double> upsampled(bins.rows, bins.columns);
  for (std::size_t i = 0; i < bins.rows; ++i) {
    for (std::size_t j = 0; j < bins.columns; ++j) {
      const auto [row, row_weight] = sample(i, grid.rows, bins.rows);
      const auto [column, column_weight] = sample(j, grid.columns, bins.columns);
      const std::size_t next_row = std::min(row + 1, grid.rows - 1);
      const std::size_t next_column = std::min(column + 1, grid.columns - 1);
      const auto bit = [&](std::size_t r, std::size_t c) {
        return static_cast<double>(mask.cell_bits[r * grid.columns + c]);
      };
      upsampled(i, j) = (1 - row_weight) * ((1 - column_weight) * bit(row, column) +
                                            column_weight * bit(row, next_column)) +
                        row_weight * ((1 - column_weight) * bit(next_row, column) +
                                      column_weight * bit(next_row, next_column));
    }
  }
  const auto reflect = [](long i, std::size_t count) {
    const long last = static_cast<long>(count) - 1;
    if (i < 0) i = -i;
    return static_cast<std::size_t>(i > last ? 2 * last - i : i);
  };
  Array2d<double> cropped(bins.rows, bins.columns);
  for (std::size_t i = 0; i < bins.rows; ++i) {
    for (std::size_t j = 0; j < bins.columns; ++j) {
      const long row = static_cast<long>(i + mask.shift[0]) - static_cast<long>(grid.rows / 2);
      const long column =
          static_cast<long>(j + mask.shift[1]) - static_cast<long>(grid.columns / 2);
      cropped(i, j) = upsampled(reflect(row, bins.rows), reflect(column, bins.columns));
    }
  }
  return cropped;
}

}  // namespace

TEST_CASE("the random law is the published one, for any rectangular grid and every shift") {
  const auto [grid, bins] = GENERATE(table<Shape2d, Shape2d>({{{7, 7}, {128, 501}},
                                                              {{7, 7}, {96, 64}},
                                                              {{4, 9}, {16, 20}},
                                                              {{1, 10}, {16, 20}},
                                                              {{16, 1}, {16, 20}}}));
  const MaskLaw law = random_mask_law(bins, grid);
  const IndependentDesign design(law, 11, 0.5);
  double largest = 0.0;
  std::vector<float> weights(bins.rows * bins.columns);
  for (std::size_t n = 0; n < 40; ++n) {
    const Mask mask = design.mask(n);
    expand_mask(law, mask, weights);
    const Array2d<double> expected = published_mask(mask, grid, bins);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      largest = std::max(largest, std::abs(static_cast<double>(weights[i]) - expected.values[i]));
    }
  }
  CHECK(largest <= 1e-6);
}

TEST_CASE("with hard edges each bin has the weight of the cell it lies in, reflected and cropped") {
  const auto [grid, bins] = GENERATE(table<Shape2d, Shape2d>(
      {{{7, 7}, {128, 501}}, {{4, 9}, {16, 20}}, {{1, 10}, {16, 20}}, {{16, 20}, {16, 20}}}));
  const MaskLaw law = random_mask_law(bins, grid, CellEdges::hard);
  const IndependentDesign design(law, 11, 0.5);
  std::vector<float> weights(bins.rows * bins.columns);
  const auto cell_of = [](std::size_t bin, std::uint32_t shift, std::size_t cells,
                          std::size_t count) {
    const long last = static_cast<long>(count) - 1;
    long place = std::abs(static_cast<long>(bin + shift) - static_cast<long>(cells / 2));
    if (place > last) place = 2 * last - place;
    return (2 * static_cast<std::size_t>(place) + 1) * cells / (2 * count);
  };
  for (std::size_t n = 0; n < 20; ++n) {
    const Mask mask = design.mask(n);
    expand_mask(law, mask, weights);
    for (std::size_t band = 0; band < bins.rows; ++band) {
      const std::size_t row = cell_of(band, mask.shift[0], grid.rows, bins.rows);
      for (std::size_t t = 0; t < bins.columns; ++t) {
        const std::size_t column = cell_of(t, mask.shift[1], grid.columns, bins.columns);
        REQUIRE(weights[band * bins.columns + t] ==
                static_cast<float>(mask.cell_bits[row * grid.columns + column]));
      }
    }
  }
}

TEST_CASE("all cells kept is 1 everywhere, none is 0 everywhere") {
  const MaskLaw law = random_mask_law({32, 40}, {5, 6});
  std::vector<float> weights(32 * 40);
  for (const std::uint8_t bit : {std::uint8_t{0}, std::uint8_t{1}}) {
    expand_mask(law, {std::vector<std::uint8_t>(30, bit), {2, 3}}, weights);
    for (const float weight : weights) REQUIRE(weight == Approx(bit).margin(1e-7));
  }
}

TEST_CASE("a sum over masks is the sum of the expanded masks, for coarse grids and fine ones") {
  // The fine grid has more shifts times cells than bins, so it is summed in another way.
  const Shape2d grid = GENERATE(Shape2d{4, 6}, Shape2d{15, 20});
  const MaskLaw law = random_mask_law({17, 29}, grid);
  const IndependentDesign design(law, 5, 0.4);
  MaskSums weighted(law);
  Array2d<double> expected(17, 29);
  std::vector<float> weights(17 * 29);
  for (std::size_t n = 0; n < 200; ++n) {
    const double score = std::sin(static_cast<double>(n));
    weighted.add(design.mask(n), score);
    expand_mask(law, design.mask(n), weights);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      expected.values[i] += score * static_cast<double>(weights[i]);
    }
  }
  const Array2d<double> sums = weighted.expand();
  for (std::size_t i = 0; i < expected.values.size(); ++i) {
    REQUIRE(sums.values[i] == Approx(expected.values[i]).margin(2e-5));  // sums of floats
  }
}

TEST_CASE("grids that do not fit the bins are refused") {
  CHECK_THROWS_WITH(random_mask_law({16, 20}, {17, 7}),
                    "a grid of 17 cells along frequency: expected 1 to 16, the number of bins");
  CHECK_THROWS_WITH(random_mask_law({16, 20}, {7, 0}),
                    "a grid of 0 cells along time: expected 1 to 20, the number of bins");
}

TEST_CASE("windows without a bin, or beyond the bins, are refused") {
  const std::vector<BinRange> all{{0, 16}};
  CHECK_THROWS_AS(window_mask_law({16, 20}, all, std::vector<BinRange>{}), ConfigError);
  CHECK_THROWS_AS(window_mask_law({16, 20}, all, std::vector<BinRange>{{4, 4}}), ConfigError);
  CHECK_THROWS_AS(window_mask_law({16, 20}, all, std::vector<BinRange>{{4, 21}}), ConfigError);
}

TEST_CASE("masks of another law are refused") {
  const MaskLaw law = random_mask_law({16, 20}, {4, 5});
  std::vector<float> weights(16 * 20);
  CHECK_THROWS_AS(expand_mask(law, {std::vector<std::uint8_t>(19), {0, 0}}, weights), ConfigError);
  CHECK_THROWS_AS(expand_mask(law, {std::vector<std::uint8_t>(20), {4, 0}}, weights), ConfigError);
  CHECK_THROWS_AS(expand_mask(law, {std::vector<std::uint8_t>(20), {0, 5}}, weights), ConfigError);
  MaskSums sums(law);
  CHECK_THROWS_AS(sums.add({std::vector<std::uint8_t>(20), {0, 100000}}, 1.0), ConfigError);
  std::vector<float> too_few(10);
  CHECK_THROWS_AS(expand_mask(law, {std::vector<std::uint8_t>(20), {0, 0}}, too_few), ConfigError);
}
