#include "evaluation/flipping.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "evaluation/flip_verdict.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"

using namespace relax_spectro;

namespace {

constexpr test::Rectangle kRectangle{4, 8, 5, 10};  // 20 of 320 bins
constexpr Shape2d kBins{16, 20};

/// A recording of this many windows that are 1 everywhere.
RecordingWindows ones(std::size_t windows = 1) {
  RecordingWindows recording;
  recording.spectrogram.values = Array2d<float>(kBins.rows, windows * kBins.columns, 1.0F);
  for (std::size_t w = 0; w < windows; ++w) {
    recording.windows.push_back({w * kBins.columns, kBins.columns});
  }
  return recording;
}

/// 1 in the rectangle of each window, 0 elsewhere.
Array2d<double> rectangle_map(std::size_t windows = 1) {
  Array2d<double> map(kBins.rows, windows * kBins.columns);
  for (std::size_t row = 0; row < map.rows; ++row) {
    for (std::size_t column = 0; column < map.columns; ++column) {
      map(row, column) = kRectangle.holds(row, column % kBins.columns) ? 1.0 : 0.0;
    }
  }
  return map;
}

/// Sixteen steps with as many bins each as the rectangle has. The score is 1 + the rectangle's
/// mean.
FlipOptions bins_by_twenty() {
  FlipOptions options;
  options.unit = FlipUnit::bins;
  options.step_size = 20;
  options.score = parse_score("dot");
  return options;
}

Flipping flip_with(Model& model, const RecordingWindows& recording, const Array2d<double>& map,
                   const FlipOptions& options) {
  Engine engine(model, test::batches_of(16));
  return flip(engine, recording, map, options);
}

}  // namespace

TEST_CASE("flipping a model that hears one rectangle has the areas of the closed form") {
  test::RectangleModel model(kRectangle);
  const std::size_t windows = GENERATE(1, 3);
  const Flipping flipping =
      flip_with(model, ones(windows), rectangle_map(windows), bins_by_twenty());
  REQUIRE(flipping.fraction.size() == 17);
  CHECK(flipping.fraction.front() == 0.0);
  CHECK(flipping.fraction[1] == 1.0 / 16.0);
  CHECK(flipping.fraction.back() == 1.0);
  const std::span<const double> morf = flipping.curve("morf").scores.row(0);
  const std::span<const double> lerf = flipping.curve("lerf").scores.row(0);
  CHECK(morf[0] == Approx(2.0));
  CHECK(morf[1] == Approx(1.0));   // falls at once
  CHECK(lerf[15] == Approx(2.0));  // remains until the end
  CHECK(lerf[16] == Approx(1.0));
  CHECK(flipping.curve("morf").auc[0] == Approx(1.0 + 0.5 / 16.0));
  CHECK(flipping.curve("lerf").auc[0] == Approx(2.0 - 0.5 / 16.0));
  // All bins are equally loud, so "loudest first" goes row by row. The rectangle's rows are 4 to 7.
  // At step k, rows 0 to k - 1 are replaced.
  CHECK(flipping.curve("amplitude").auc[0] == Approx(1.0 + 6.0 / 16.0));
  REQUIRE(flipping.gains.has_value());
  CHECK(flipping.gains->morf_lerf_gap == Approx(1.0 - 1.0 / 16.0));
  CHECK(flipping.gains->over_amplitude == Approx(5.5 / 16.0));
  CHECK(flipping.gains->over_random == Approx(0.5 - 0.5 / 16.0).margin(0.05));
  CHECK(flipping.gains->beats_loudness());
  CHECK(flipping.gains->beats_chance());
}

TEST_CASE("no map of a constant model beats anything") {
  test::ConstantModel model;
  const Flipping flipping = flip_with(model, ones(), rectangle_map(), bins_by_twenty());
  const FlipGains& gains = flipping.gains.value();
  CHECK(gains.morf_lerf_gap == Approx(0.0).margin(1e-12));
  CHECK(gains.over_random == Approx(0.0).margin(1e-12));
  CHECK(gains.over_amplitude == Approx(0.0).margin(1e-12));
  CHECK_FALSE(gains.beats_loudness());
  CHECK_FALSE(gains.beats_chance());
  CHECK_THAT(verdict_of(gains), Catch::StartsWith("does not beat loudness"));
  CHECK_THAT(verdict_of(gains), Catch::Contains("does not beat chance"));
}

TEST_CASE("insertion and deletion are RISE's") {
  test::RectangleModel model(kRectangle);
  FlipOptions options = bins_by_twenty();
  options.protocol = FlipProtocol::rise;
  RecordingWindows recording = ones();
  // Blurring keeps a constant, but changes a single loud rectangle.
  for (std::size_t row = 0; row < kBins.rows; ++row) {
    for (std::size_t column = 0; column < kBins.columns; ++column) {
      if (!kRectangle.holds(row, column)) recording.spectrogram.values(row, column) = 0.0F;
    }
  }
  const Flipping flipping = flip_with(model, recording, rectangle_map(), options);
  CHECK_FALSE(flipping.gains.has_value());
  const std::span<const double> deletion = flipping.curve("deletion").scores.row(0);
  const std::span<const double> insertion = flipping.curve("insertion").scores.row(0);
  CHECK(deletion[0] == Approx(2.0));
  CHECK(deletion[1] == Approx(1.0));
  CHECK(insertion[0] < 1.5);           // blurred
  CHECK(insertion[1] == Approx(2.0));  // the rectangle is visible
  CHECK(insertion[16] == Approx(2.0));
  CHECK(flipping.curve("insertion").auc[0] == Approx(2.0 - (2.0 - insertion[0]) * 0.5 / 16.0));
}

TEST_CASE("units are bands, frames, cells or bins, and a bin without a value goes last") {
  test::RectangleModel model(kRectangle);
  Array2d<double> map = rectangle_map();
  FlipOptions options = bins_by_twenty();
  options.step_size = 1;
  SECTION("bands") {
    options.unit = FlipUnit::bands;
    const Flipping flipping = flip_with(model, ones(), map, options);
    REQUIRE(flipping.fraction.size() == 17);
    CHECK(flipping.curve("morf").scores.row(0)[4] == Approx(1.0));
    CHECK(flipping.curve("morf").scores.row(0)[3] == Approx(1.25));
  }
  SECTION("frames") {
    options.unit = FlipUnit::frames;
    const Flipping flipping = flip_with(model, ones(), map, options);
    REQUIRE(flipping.fraction.size() == 21);
    CHECK(flipping.curve("morf").scores.row(0)[5] == Approx(1.0));
  }
  SECTION("cells") {
    options.unit = FlipUnit::cells;
    options.grid = {4, 4};  // cells of 4 x 5 bins: the rectangle is one of them
    const Flipping flipping = flip_with(model, ones(), map, options);
    REQUIRE(flipping.fraction.size() == 17);
    CHECK(flipping.curve("morf").scores.row(0)[1] == Approx(1.0));
  }
  SECTION("NaN") {
    options.unit = FlipUnit::bins;
    options.step_size = 300;
    for (double& value : map.values) {
      if (value == 1.0) value = std::numeric_limits<double>::quiet_NaN();
    }
    const Flipping flipping = flip_with(model, ones(), map, options);
    CHECK(flipping.curve("morf").scores.row(0)[1] == Approx(2.0));
    CHECK(flipping.curve("lerf").scores.row(0)[1] == Approx(1.0));
    CHECK(flipping.fraction[1] == Approx(300.0 / 320.0));
  }
}

TEST_CASE("random orders depend on the seed and their number alone") {
  test::RectangleModel model(kRectangle);
  FlipOptions options = bins_by_twenty();
  const Flipping many = flip_with(model, ones(), rectangle_map(), options);
  options.random_orders = 3;
  const Flipping few = flip_with(model, ones(), rectangle_map(), options);
  options.seed = 1;
  const Flipping other = flip_with(model, ones(), rectangle_map(), options);
  for (std::size_t r = 0; r < 3; ++r) {
    CHECK(few.curve("random").auc[r] == many.curve("random").auc[r]);
  }
  CHECK(few.curve("random").auc != other.curve("random").auc);
}

TEST_CASE("a fill of noise has a seed of its own") {
  test::RectangleModel model(kRectangle);
  FlipOptions options = bins_by_twenty();
  options.fill = parse_fill("noise");
  RecordingWindows stripes = ones();  // without variation, there is no noise
  for (std::size_t i = 0; i < stripes.spectrogram.values.values.size(); i += 2) {
    stripes.spectrogram.values.values[i] = 0.0F;
  }
  const auto curve = [&](const char* name) {
    return flip_with(model, stripes, rectangle_map(), options).curve(name).scores;
  };
  const Array2d<double> morf = curve("morf");
  const Array2d<double> random = curve("random");
  options.seed = 1;
  CHECK(curve("morf").values == morf.values);
  CHECK(curve("random").values != random.values);
  options.fill_seed = 1;
  CHECK(curve("morf").values != morf.values);
}

TEST_CASE("a map of another shape, and options that go nowhere, are refused") {
  test::RectangleModel model(kRectangle);
  CHECK_THROWS_AS(flip_with(model, ones(2), rectangle_map(1), bins_by_twenty()), ConfigError);
  FlipOptions options = bins_by_twenty();
  options.step_size = 0;
  CHECK_THROWS_AS(options.validate(), ConfigError);
  options = bins_by_twenty();
  options.random_orders = 0;
  CHECK_THROWS_AS(options.validate(), ConfigError);
  options = bins_by_twenty();
  options.protocol = FlipProtocol::quantus;
  CHECK_THROWS_AS(options.validate(), ConfigError);
}

TEST_CASE("over recordings the verdict counts, and says how sure it is") {
  FlipGains good;
  good.over_amplitude = 0.2;
  good.over_random = 0.3;
  good.random_orders = good.better_than = 19;
  FlipGains bad = good;
  bad.over_amplitude = -0.1;
  bad.better_than = 18;  // better than the mean of the random orders, which is only a gain
  CHECK(verdict_over(std::vector{good, good, good, bad}) ==
        "beats loudness in 3 of 4 recordings; mean gain 0.125 (n = 4); sign test of the gains: "
        "p = 0.62\n"
        "beats chance (every random order) in 3 of 4 recordings; mean gain 0.3 (n = 4); sign test "
        "of the gains: p = 0.12\n");
  CHECK_THAT(verdict_over(std::vector{good, good, good, good, bad}),
             Catch::Contains("in 4 of 5 recordings; mean gain 0.14 (n = 5, 95 % interval 0.02 to "
                             "0.2); sign test"));
}
