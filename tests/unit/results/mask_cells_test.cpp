#include "results/mask_cells.hpp"

#include <cstddef>
#include <vector>

#include "support/catch.hpp"
#include "support/results.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

/// Centres of bins of width 1: bin n extends from n to n + 1.
std::vector<double> unit_bins(std::size_t count) {
  std::vector<double> centres;
  for (std::size_t i = 0; i < count; ++i) centres.push_back(static_cast<double>(i) + 0.5);
  return centres;
}

void check_box(const TimeFrequencyBox& box, double begin, double end, double low, double high) {
  CHECK(box.begin_s == Approx(begin));
  CHECK(box.end_s == Approx(end));
  CHECK(box.low_hz == Approx(low));
  CHECK(box.high_hz == Approx(high));
}

/// Axes with such bins.
Spectrogram unit_axes(std::size_t frames, std::size_t bands) {
  Spectrogram axes;
  axes.time_s = unit_bins(frames);
  axes.frequency_hz = unit_bins(bands);
  return axes;
}

/// The cells of a result with these masks, after it was written and read.
MaskCells cells_of(const MaskOptions& masks) {
  const test::TemporaryFolder folder;
  ExplainOptions options;
  options.masks = masks;
  write_result(folder / "noise", test::explained_noise(options, 0.4), Overwrite::no);
  return mask_cells(read_result(folder / "noise.json"));
}

}  // namespace

TEST_CASE("a peak's cell has the bin in its middle, unless its window ends before") {
  const Spectrogram axes = unit_axes(40, 16);
  const MaskCells cells{4.0, {}, 5.0, {{0, 20}, {20, 20}}, {}};
  check_box(cell_around(cells, axes, 8, 10), 8, 13, 6.5, 10.5);
  check_box(cell_around(cells, axes, 0, 1), 0, 5, 0, 4);
  check_box(cell_around(cells, axes, 15, 19), 15, 20, 12, 16);
  check_box(cell_around(cells, axes, 8, 21), 20, 25, 6.5, 10.5);
  check_box(cell_around(cells, axes, 8, 39), 35, 40, 6.5, 10.5);
  // A family with one cell along frequency has cells as high as the axis, wherever the peak is.
  check_box(cell_around({16.0, {}, 5.0, {{0, 20}}, {}}, axes, 0, 10), 8, 13, 0, 16);
}

TEST_CASE("where windows overlap, a cell may lie in either") {
  const MaskCells cells{4.0, {}, 5.0, {{0, 20}, {18, 20}}, {}};
  check_box(cell_around(cells, unit_axes(38, 16), 8, 19), 17, 22, 6.5, 10.5);
}

TEST_CASE(
    "a cell in Hertz is as wide wherever it lies, but holds its band and ends with the bands") {
  Spectrogram axes = unit_axes(9, 5);
  axes.frequency_hz = {100.0, 200.0, 400.0, 800.0, 1600.0};
  const MaskCells cells{1.0, 300.0, 1.0, {{0, 9}}, {}};
  check_box(cell_around(cells, axes, 2, 4), 4, 5, 250, 600);
  check_box(cell_around(cells, axes, 0, 4), 4, 5, 50, 350);
  check_box(cell_around(cells, axes, 4, 4), 4, 5, 1200, 2000);
}

TEST_CASE("a bin without a cell is its own, and places are rounded to what can be meant") {
  check_box(cell_around({}, unit_axes(9, 9), 3, 4), 4, 5, 3, 4);
  check_box(rounded({0.12345, 0.98765, 123.456, 2345.6}), 0.123, 0.988, 123, 2346);
}

TEST_CASE("the size of a result's cells is that of its masks, drawn or swept") {
  MaskOptions masks;
  masks.count = 32;
  masks.grid = {4, 5};
  const MaskCells drawn = cells_of(masks);
  CHECK(drawn.bands == 4.0);   // of 16 bands
  CHECK(drawn.frames == 4.0);  // of 20 frames
  CHECK_FALSE(drawn.hertz.has_value());
  CHECK(drawn.windows.size() == 3);
  masks.family = MaskFamily::time;
  CHECK(cells_of(masks).bands == 16.0);
  masks.family = MaskFamily::random;
  masks.grid = {{SizeUnit::hertz, 800.0}, 5};
  CHECK(*cells_of(masks).hertz == Approx(800.0));
  masks.family = MaskFamily::window;
  masks.windows = {{{3, 6}, {}}};
  const MaskCells swept = cells_of(masks);
  CHECK(swept.bands == 3.0);
  CHECK(swept.frames == 6.0);
  masks.windows = {{{{SizeUnit::hertz, 1000.0}, 6}, {}}};
  CHECK(*cells_of(masks).hertz == 1000.0);
}
