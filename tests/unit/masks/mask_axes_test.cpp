#include "masks/mask_axes.hpp"

#include <algorithm>
#include <cmath>
#include <regex>
#include <string>
#include <vector>

#include "masks/mask_family.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// 16 bands of 250 Hz each and 20 frames of 10 ms.
MaskAxes even_axes() {
  MaskAxes axes{{16, 20}, 0.01, {}, 0.0, 4000.0};
  for (std::size_t band = 0; band < 16; ++band) {
    axes.frequency_hz.push_back(125.0 + 250.0 * static_cast<double>(band));
  }
  return axes;
}

/// 64 mel bands from 0 Hz to 8 kHz, 28 Hz apart at the bottom and 336 Hz at the top, and 100 frames
/// of 8 ms.
MaskAxes mel_axes() {
  FrontEndConfig config = test::small_card().front_end;
  config.sample_rate_hz = 16000;
  config.hop_samples = 128;
  config.bands = 64;
  config.high_hz = 8000.0;
  return mask_axes(config, 100);
}

MaskOptions asked_grid(const std::string& grid, CellEdges edges,
                       MaskFamily family = MaskFamily::random) {
  MaskOptions options;
  options.family = family;
  options.grid = parse_size(grid, "--grid");
  options.edges = edges;
  options.count = 100;
  return options;
}

MaskOptions asked_window(const std::string& window, const std::string& stride) {
  MaskOptions options;
  options.family = MaskFamily::window;
  options.windows = {{parse_size(window, "--window"), parse_size(stride, "--stride")}};
  return options;
}

/// The bins that an axis's windows mask at each position.
std::vector<BinRange> positions_of(const AxisLaw& law) {
  std::vector<BinRange> positions;
  for (std::size_t i = 0; i < law.shifts; ++i) positions.push_back(window_at(law, i));
  return positions;
}

std::string refusal_of(const MaskOptions& options, const MaskAxes& axes) {
  try {
    static_cast<void>(make_masks(options, axes));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

/// The size that an error message suggests.
std::string expected_size_in(const std::string& refusal) {
  std::smatch found;
  REQUIRE(std::regex_search(refusal, found, std::regex("expected ([0-9.]+) Hz or more")));
  return found[1].str() + "Hz";
}

}  // namespace

TEST_CASE("the axes of masks are those of the front end's spectrogram") {
  const MaskAxes axes = mel_axes();
  CHECK(axes.bins == Shape2d{64, 100});
  CHECK(axes.frame_s == 0.008);
  CHECK(axes.low_hz == 0.0);
  CHECK(axes.high_hz == 8000.0);
  CHECK(axes.frequency_hz.size() == 64);
  const FrontEndConfig config = test::small_card().front_end;
  const Spectrogram spectrogram = FrontEnd(config)({std::vector<float>(4000), 8000});
  CHECK(mask_axes(config, 20).frequency_hz == spectrogram.frequency_hz);
  CHECK(mask_axes(config, 20).frame_s ==
        Approx(spectrogram.time_s[1] - spectrogram.time_s[0]).epsilon(1e-12));
}

TEST_CASE(
    "where bands are equally wide, a grid in Hertz and seconds is the grid of as many cells") {
  const MaskFamily family = GENERATE(MaskFamily::random, MaskFamily::rise, MaskFamily::time,
                                     MaskFamily::frequency, MaskFamily::time_frequency);
  const CellEdges edges = GENERATE(CellEdges::smooth, CellEdges::hard);
  const MaskSet in_units = make_masks(asked_grid("800Hzx0.05s", edges, family), even_axes());
  const MaskSet counted = make_masks(asked_grid("5x4", edges, family), even_axes());
  REQUIRE(in_units.law.grid() == counted.law.grid());
  REQUIRE(in_units.law.shifts() == counted.law.shifts());
  for (std::size_t n = 0; n < 20; ++n) {
    std::vector<float> weights(16 * 20);
    std::vector<float> expected(16 * 20);
    expand_mask(in_units.law, in_units.design->mask(n), weights);
    expand_mask(counted.law, counted.design->mask(n), expected);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      REQUIRE(weights[i] == Approx(expected[i]).margin(1e-6));
    }
  }
}

TEST_CASE("on a mel axis, cells in Hertz are equally wide in Hertz, at every shift") {
  const MaskAxes axes = mel_axes();
  const AxisLaw hard = make_masks(asked_grid("1000Hzx5", CellEdges::hard), axes).law.frequency;
  const AxisLaw smooth = make_masks(asked_grid("1000Hzx5", CellEdges::smooth), axes).law.frequency;
  REQUIRE(hard.cells == 8);
  REQUIRE(hard.shifts == 8);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    for (std::size_t band = 0; band < 64; ++band) {
      // Shifts count bins of mean width, 125 Hz. Beyond the end bands, the axis is reflected.
      double hz = axes.frequency_hz[band] + 125.0 * (static_cast<double>(shift) - 4.0);
      if (hz < axes.frequency_hz.front()) hz = 2.0 * axes.frequency_hz.front() - hz;
      if (hz > axes.frequency_hz.back()) hz = 2.0 * axes.frequency_hz.back() - hz;
      const AxisTap& cell = hard.taps_at(shift)[band];
      REQUIRE(cell.cell == static_cast<std::uint32_t>(hz / 1000.0));
      REQUIRE(cell.next_weight == 0.0);
      const AxisTap& blend = smooth.taps_at(shift)[band];
      const double place = static_cast<double>(blend.cell) + blend.next_weight;
      REQUIRE(place == Approx(std::max(0.0, hz / 1000.0 - 0.5)).margin(1e-9));
    }
  }
}

TEST_CASE("the number of cells is what fits best, and at least one") {
  const auto cells = [](const std::string& grid) {
    return make_masks(asked_grid(grid, CellEdges::smooth), even_axes()).law.grid();
  };
  CHECK(cells("1000Hzx0.05s") == Shape2d{4, 4});
  CHECK(cells("1100Hzx0.06s") == Shape2d{4, 3});  // 3.6 and 3.3
  CHECK(cells("4000Hzx7s") == Shape2d{1, 1});
  CHECK(cells("250Hzx0.01s") == Shape2d{16, 20});
  CHECK(cells("3x50ms") == Shape2d{3, 4});
}

TEST_CASE("a cell that would hold no band is refused with a size that would do") {
  const MaskAxes axes = mel_axes();
  const std::string refusal = refusal_of(asked_grid("100Hzx5", CellEdges::smooth), axes);
  CHECK_THAT(refusal, Catch::StartsWith("--grid is 100Hz along frequency; expected "));
  CHECK_THAT(refusal, Catch::Contains("there is no band, because bands are"));
  const std::string enough = expected_size_in(refusal);
  CHECK(refusal_of(asked_grid(enough + "x5", CellEdges::smooth), axes).empty());
  // If bands have equal width, a cell may be as narrow as one band.
  CHECK(refusal_of(asked_grid("250Hzx5", CellEdges::smooth), even_axes()).empty());
  CHECK(expected_size_in(refusal_of(asked_grid("200Hzx5", CellEdges::smooth), even_axes())) ==
        "251Hz");
}

TEST_CASE("grids that do not fit the axes are refused by option, value and range") {
  const auto refusal = [](const std::string& grid) {
    return refusal_of(asked_grid(grid, CellEdges::smooth), even_axes());
  };
  CHECK(refusal("4001Hzx5") ==
        "--grid is 4001Hz along frequency; expected at most 4000 Hz: the model's bands lie between "
        "0 Hz and 4000 Hz");
  CHECK(refusal("5x5ms") ==
        "--grid is 0.005s along time, which gives 40 cells for 20 frames; "
        "expected 0.01 s (one frame) or more");
  CHECK(refusal("17x5") ==
        "--grid is 17 cells along frequency; expected 1 to 16, the number of bins");
  CHECK(refusal("5x21") == "--grid is 21 cells along time; expected 1 to 20, the number of bins");
  MaskOptions options = asked_grid("5xall", CellEdges::smooth);
  CHECK_THROWS_WITH(options.validate(), Catch::StartsWith("--grid is '5xall'; expected numbers"));
}

TEST_CASE("families along one axis do not look at the grid's other side") {
  CHECK(make_masks(asked_grid("9000Hzx5", CellEdges::hard, MaskFamily::time), even_axes())
            .law.grid() == Shape2d{1, 5});
  CHECK(make_masks(asked_grid("5x1ms", CellEdges::hard, MaskFamily::frequency), even_axes())
            .law.grid() == Shape2d{5, 1});
}

TEST_CASE("without a model, units are refused and counts are not") {
  const MaskAxes bins_only{{16, 20}};
  CHECK(refusal_of(asked_grid("5x5", CellEdges::hard), bins_only).empty());
  CHECK(refusal_of(asked_window("4x5", "allx5"), bins_only).empty());
  CHECK_THAT(refusal_of(asked_grid("500Hzx5", CellEdges::hard), bins_only),
             Catch::StartsWith("--grid is 500Hz along frequency") && Catch::Contains("--model"));
  CHECK_THAT(refusal_of(asked_grid("5x0.1s", CellEdges::hard), bins_only),
             Catch::StartsWith("--grid is 0.1s along time") && Catch::Contains("--model"));
  CHECK_THAT(refusal_of(asked_window("4x0.1s", "2x2"), bins_only), Catch::Contains("--model"));
  CHECK_THAT(refusal_of(asked_window("500Hzx4", "2x2"), bins_only), Catch::Contains("--model"));
  CHECK_THAT(refusal_of(asked_window("4x4", "500Hzx2"), bins_only),
             Catch::StartsWith("--stride is 500Hz") && Catch::Contains("--model"));
}

TEST_CASE(
    "a window in Hertz masks the bands whose centres lie in it, from the lowest to the last") {
  const MaskAxes axes = mel_axes();
  const MaskSet set = make_masks(asked_window("1000Hzxall", "400Hzx1"), axes);
  const std::vector<BinRange> positions = positions_of(set.law.frequency);
  for (std::size_t k = 0; k < positions.size(); ++k) {
    const double begin_hz = 400.0 * static_cast<double>(k);
    const auto is_inside = [begin_hz](double hz) {
      return hz >= begin_hz && hz < begin_hz + 1000.0;
    };
    for (std::size_t band = 0; band < 64; ++band) {
      const bool is_masked = band >= positions[k].begin && band < positions[k].end;
      REQUIRE(is_masked == is_inside(axes.frequency_hz[band]));
    }
  }
  CHECK(positions.front().size() > 4 * positions.back().size());
  CHECK(positions.back().end == 64);
  CHECK(positions[positions.size() - 2].end < 64);
  CHECK(positions_of(set.law.time) == std::vector<BinRange>{{0, 100}});
}

TEST_CASE("windows in Hertz may go from band to band, and windows of bands in steps of Hertz") {
  const MaskAxes axes = even_axes();  // centres at 125, 375, ... Hz
  CHECK(positions_of(make_masks(asked_window("1000Hzx20", "6x1"), axes).law.frequency) ==
        std::vector<BinRange>{{0, 4}, {6, 10}, {12, 16}});
  CHECK(positions_of(make_masks(asked_window("5x20", "1kHzx1"), axes).law.frequency) ==
        std::vector<BinRange>{{0, 5}, {4, 9}, {8, 13}, {12, 16}});
}

TEST_CASE("seconds of windows and strides are whole frames, the nearest") {
  const MaskAxes axes = even_axes();  // 20 frames of 10 ms
  CHECK(positions_of(make_masks(asked_window("4x0.084s", "4x58ms"), axes).law.time) ==
        std::vector<BinRange>{{0, 8}, {6, 14}, {12, 20}});
  CHECK(positions_of(make_masks(asked_window("4x6ms", "4x0.1s"), axes).law.time) ==
        std::vector<BinRange>{{0, 1}, {10, 11}});
}

TEST_CASE("without a stride, windows follow each other at half their sides, at least one bin") {
  const MaskAxes axes = mel_axes();
  const auto stride = [&axes](const std::string& window) {
    return to_string(resolved_stride({parse_size(window, "--window"), {}}, axes));
  };
  CHECK(stride("16x16") == "8x8");
  CHECK(stride("1x15") == "1x7");
  CHECK(stride("allx0.2s") == "allx12");  // a hop of half of 25 frames
  CHECK(stride("1000Hzxall") == "500Hzxall");
  const SweptWindow by_default = MaskOptions().windows.front();
  CHECK(to_string(by_default.size) == "16x16");
  CHECK(to_string(resolved_stride(by_default, axes)) == "8x8");
}

TEST_CASE("a window that would mask no band is refused with a size that would do") {
  const MaskAxes axes = mel_axes();
  const std::string refusal = refusal_of(asked_window("150Hzx5", "100Hzx5"), axes);
  CHECK_THAT(refusal, Catch::StartsWith("--window is 150Hz along frequency; expected "));
  CHECK_THAT(refusal, Catch::Contains("there is no band, because bands are"));
  CHECK(refusal_of(asked_window(expected_size_in(refusal) + "x5", "100Hzx5"), axes).empty());
}

TEST_CASE("windows and strides that do not fit the axes are refused by option, value and range") {
  const auto refusal = [](const std::string& window, const std::string& stride) {
    return refusal_of(asked_window(window, stride), even_axes());
  };
  CHECK(refusal("17x5", "1x1") ==
        "--window is 17 bins along frequency; expected 1 to 16, the number of bins");
  CHECK(refusal("5x21", "1x1") ==
        "--window is 21 bins along time; expected 1 to 20, the number of bins");
  CHECK(refusal("5kHzx5", "1x1") ==
        "--window is 5000Hz along frequency; expected at most 4000 Hz: the model's bands lie "
        "between 0 Hz and 4000 Hz");
  CHECK(refusal("5x0.3s", "1x1") ==
        "--window is 0.3s along time; expected at most 0.2 s, the input's length");
  CHECK(refusal("5x4ms", "1x1") ==
        "--window is 0.004s along time, less than a frame; expected 0.01 s or more");
  CHECK(refusal("5x5", "1x1ms") ==
        "--stride is 0.001s along time, less than a frame; expected 0.01 s or more");
  CHECK(refusal("5x5", "0.001Hzx1") ==
        "--stride is 0.001Hz along frequency; expected 0.04 Hz or more");
}
