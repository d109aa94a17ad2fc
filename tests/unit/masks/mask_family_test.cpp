#include "masks/mask_family.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "saliency/occlusion_map.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

constexpr Shape2d kBins{32, 60};
const MaskAxes kAxes{kBins};

Array2d<float> expanded(const MaskSet& set, std::size_t index) {
  Array2d<float> weights(kBins.rows, kBins.columns);
  expand_mask(set.law, set.design->mask(index), weights.values);
  return weights;
}

bool is_constant_over_frequency(const Array2d<float>& mask) {
  for (std::size_t t = 0; t < mask.columns; ++t) {
    for (std::size_t band = 1; band < mask.rows; ++band) {
      if (std::abs(mask(band, t) - mask(0, t)) > 1e-6F) return false;
    }
  }
  return true;
}

bool is_constant_over_time(const Array2d<float>& mask) {
  for (std::size_t band = 0; band < mask.rows; ++band) {
    const auto row = mask.row(band);
    if (*std::ranges::max_element(row) - *std::ranges::min_element(row) > 1e-6F) return false;
  }
  return true;
}

MaskOptions family(MaskFamily which) {
  MaskOptions options;
  options.family = which;
  options.design = DesignKind::independent;
  options.count = 100;
  options.grid = {4, 6};
  options.keep_probability = 0.4;
  return options;
}

}  // namespace

TEST_CASE("time masks are constant over frequency, frequency masks over time") {
  const MaskSet time = make_masks(family(MaskFamily::time), kAxes);
  const MaskSet frequency = make_masks(family(MaskFamily::frequency), kAxes);
  for (std::size_t n = 0; n < 20; ++n) {
    REQUIRE(is_constant_over_frequency(expanded(time, n)));
    REQUIRE(is_constant_over_time(expanded(frequency, n)));
  }
}

TEST_CASE("every family but window keeps each bin with the keep probability") {
  const MaskFamily which = GENERATE(MaskFamily::random, MaskFamily::rise, MaskFamily::time,
                                    MaskFamily::frequency, MaskFamily::time_frequency);
  MaskOptions options = family(which);
  options.edges = GENERATE(CellEdges::smooth, CellEdges::hard);
  const MaskSet set = make_masks(options, kAxes);
  constexpr std::size_t kMasks = 6000;
  MaskSums sums(set.law);
  for (std::size_t n = 0; n < kMasks; ++n) sums.add(set.design->mask(n), 1.0 / kMasks);
  // Five standard deviations of a mean of values within [0, 1] with this expectation.
  const double tolerance = 5.0 * std::sqrt(0.4 * 0.6 / kMasks);
  for (const double mean : sums.expand().values) REQUIRE(std::abs(mean - 0.4) < tolerance);
}

TEST_CASE(
    "a third of time-frequency masks are over time, a third over frequency, a third over both") {
  const MaskSet set = make_masks(family(MaskFamily::time_frequency), kAxes);
  constexpr std::size_t kMasks = 900;
  std::size_t time = 0;
  std::size_t frequency = 0;
  std::size_t both_ways = 0;  // constant: all kept or all masked
  for (std::size_t n = 0; n < kMasks; ++n) {
    const Array2d<float> mask = expanded(set, n);
    const bool over_frequency = is_constant_over_frequency(mask);
    const bool over_time = is_constant_over_time(mask);
    both_ways += over_frequency && over_time ? 1U : 0U;
    time += over_frequency && !over_time ? 1U : 0U;
    frequency += over_time && !over_frequency ? 1U : 0U;
  }
  CHECK(time > 200);
  CHECK(frequency > 200);
  CHECK(kMasks - time - frequency - both_ways > 150);
}

TEST_CASE("rise masks are the RISE law: upsampled by whole cells, cropped at a shift within one") {
  const MaskSet set = make_masks(family(MaskFamily::rise), kAxes);
  CHECK(set.law.shifts() == Shape2d{8, 10});  // ceil(32 / 4), ceil(60 / 6)
  const Mask mask = set.design->mask(5);
  const Array2d<float> weights = expanded(set, 5);
  const auto cell_at = [&](std::size_t row, std::size_t column) {
    return static_cast<double>(mask.cell_bits[row * 6 + column]);
  };
  // One bin by hand: bins are upsampled to (c + 1) cells, with half-pixel centres.
  const auto place = [](std::size_t bin, std::size_t cells, std::size_t cell_bins) {
    return std::max(0.0, (static_cast<double>(bin) + 0.5) * static_cast<double>(cells) /
                                 static_cast<double>((cells + 1) * cell_bins) -
                             0.5);
  };
  for (const auto& [band, t] : {std::pair<std::size_t, std::size_t>{3, 7}, {31, 59}, {16, 0}}) {
    const double row = place(band + mask.shift[0], 4, 8);
    const double column = place(t + mask.shift[1], 6, 10);
    const auto r = static_cast<std::size_t>(row);
    const auto c = static_cast<std::size_t>(column);
    const double dr = row - std::floor(row);
    const double dc = column - std::floor(column);
    const std::size_t r1 = std::min<std::size_t>(r + 1, 3);
    const std::size_t c1 = std::min<std::size_t>(c + 1, 5);
    const double expected = (1 - dr) * ((1 - dc) * cell_at(r, c) + dc * cell_at(r, c1)) +
                            dr * ((1 - dc) * cell_at(r1, c) + dc * cell_at(r1, c1));
    CHECK(weights(band, t) == Approx(expected).margin(1e-6));
  }
}

TEST_CASE("with hard edges every family masks a bin wholly or not at all") {
  MaskOptions options = family(GENERATE(MaskFamily::random, MaskFamily::rise, MaskFamily::time,
                                        MaskFamily::frequency, MaskFamily::time_frequency));
  options.edges = CellEdges::hard;
  const MaskSet set = make_masks(options, kAxes);
  for (std::size_t n = 0; n < 20; ++n) {
    for (const float weight : expanded(set, n).values) {
      REQUIRE((weight == 0.0F || weight == 1.0F));
    }
  }
}

TEST_CASE("time masks with hard edges are segments along time") {
  MaskOptions options = family(MaskFamily::time);
  options.edges = CellEdges::hard;
  const MaskSet set = make_masks(options, kAxes);
  for (std::size_t n = 0; n < 20; ++n) {
    const Mask mask = set.design->mask(n);
    const Array2d<float> weights = expanded(set, n);
    // Six cells of ten frames, reflected by three frames and cropped at the shift.
    for (std::size_t t = 0; t < 60; ++t) {
      long frame = std::abs(static_cast<long>(t + mask.shift[1]) - 3);
      if (frame > 59) frame = 118 - frame;
      REQUIRE(weights(17, t) ==
              static_cast<float>(mask.cell_bits[static_cast<std::size_t>(frame / 10)]));
    }
  }
}

TEST_CASE("rise masks with hard edges take the cell that a bin lies in") {
  MaskOptions options = family(MaskFamily::rise);
  options.edges = CellEdges::hard;
  const MaskSet set = make_masks(options, kAxes);
  const Mask mask = set.design->mask(7);
  const Array2d<float> weights = expanded(set, 7);
  for (std::size_t band = 0; band < 32; ++band) {
    for (std::size_t t = 0; t < 60; ++t) {
      // Four cells over five times 8 bands, six over seven times 10 frames.
      const std::size_t row = (2 * (band + mask.shift[0]) + 1) * 4 / (2 * 40);
      const std::size_t column = (2 * (t + mask.shift[1]) + 1) * 6 / (2 * 70);
      REQUIRE(weights(band, t) == static_cast<float>(mask.cell_bits[row * 6 + column]));
    }
  }
}

TEST_CASE("a window's positions end where the last bin is masked, or where none is left") {
  MaskOptions options = family(MaskFamily::window);
  options.windows = {{{2, 1}, Size2d{15, 20}}};  // starts at bands 0, 15 and 30, frames 0, 20, 40
  const MaskSet set = make_masks(options, kAxes);
  CHECK(set.law.shifts() == Shape2d{3, 3});
  CHECK(window_at(set.law.frequency, 2) == BinRange{30, 32});
  CHECK(window_at(set.law.time, 2) == BinRange{40, 41});
}

TEST_CASE("a window sweep masks one rectangle at every stride, cut off at the far edge") {
  MaskOptions options = family(MaskFamily::window);
  options.windows = {{{10, 16}, Size2d{8, 19}}};
  const MaskSet set = make_masks(options, kAxes);
  CHECK(set.count == 4 * 4);  // ceil((32 - 10) / 8) + 1, ceil((60 - 16) / 19) + 1
  const Array2d<float> last = expanded(set, 15);
  for (std::size_t band = 0; band < 32; ++band) {
    for (std::size_t t = 0; t < 60; ++t) {
      REQUIRE(last(band, t) == (band >= 24 && t >= 57 ? 0.0F : 1.0F));
    }
  }
  const Array2d<float> second = expanded(set, 1);
  REQUIRE(second(9, 19) == 0.0F);
  REQUIRE(second(10, 19) == 1.0F);
  REQUIRE(second(0, 34) == 0.0F);
  REQUIRE(second(0, 35) == 1.0F);
}

TEST_CASE("the map of a window sweep is the mean drop over the windows that mask a bin") {
  MaskOptions options = family(MaskFamily::window);
  options.windows = {{{16, 30}, Size2d{8, 15}}};
  const MaskSet set = make_masks(options, kAxes);
  std::vector<double> scores;
  Array2d<double> drops(kBins.rows, kBins.columns);
  Array2d<double> counts(kBins.rows, kBins.columns);
  for (std::size_t n = 0; n < set.count; ++n) {
    scores.push_back(1.0 - 0.01 * static_cast<double>(n * n));
    const Array2d<float> mask = expanded(set, n);
    for (std::size_t i = 0; i < mask.values.size(); ++i) {
      if (mask.values[i] != 0.0F) continue;
      drops.values[i] += 2.0 - scores[n];
      counts.values[i] += 1.0;
    }
  }
  const Saliency map = occlusion_map({{set.law, *set.design, {0, set.count}}, scores}, 2.0);
  for (std::size_t i = 0; i < drops.values.size(); ++i) {
    REQUIRE(map.importance.values[i] == Approx(drops.values[i] / counts.values[i]).epsilon(1e-10));
  }
  CHECK(map.noise_to_contrast == 0.0);
  const Saliency flat = occlusion_map(
      {{set.law, *set.design, {0, set.count}}, std::vector<double>(set.count, 0.3)}, 2.0);
  CHECK_FALSE(flat.noise_to_contrast.has_value());
}

TEST_CASE("the masks of a recording hang on the seed and the SHA-256 of its file, or on the seed") {
  const std::string empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const std::string letter = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
  MaskOptions options = family(MaskFamily::random);
  const auto seed_of = [&options](std::uint64_t seed, const std::string& recording) {
    options.seed = seed;
    options.recording = recording;
    return options.effective_seed();
  };
  // From an independent implementation of Philox.
  CHECK(seed_of(0, empty) == 4259657648987652U);
  CHECK(seed_of(0, letter) == 6923088464612780U);
  CHECK(seed_of(1, empty) == 3872635331896859U);
  CHECK(seed_of(UINT64_MAX, letter) == 3381263742147756U);
  CHECK(seed_of(UINT64_MAX, "") == UINT64_MAX);
  CHECK_THROWS_WITH(seed_of(1, "e3b0c442"), "'e3b0c442' is not the SHA-256 of a recording");
  CHECK_THROWS_AS(seed_of(1, "z" + empty), ConfigError);

  const auto bits = [&options] { return make_masks(options, kAxes).design->mask(3).cell_bits; };
  seed_of(1, empty);
  const std::vector<std::uint8_t> of_recording = bits();
  options.seed_by = SeedBy::run;
  CHECK(options.effective_seed() == 1);
  CHECK(bits() != of_recording);
  seed_of(3872635331896859U, "");
  CHECK(bits() == of_recording);
}

TEST_CASE("coverage is the mean weight of the masks and its spread over bins") {
  MaskOptions options = family(MaskFamily::random);
  options.listed = MaskList{{1, 2}, {{{1, 0}, {0, 0}}, {{1, 0}, {0, 0}}}};
  const Coverage half = coverage_of(mean_weights(make_masks(options, {{2, 2}})));
  CHECK(half.mean == Approx(0.5));  // the left half is kept, the right half masked
  CHECK(half.spread == Approx(0.5));
}

TEST_CASE("masks that do not fit are refused") {
  MaskOptions options = family(MaskFamily::window);
  options.windows = {{{33, 10}, {}}};
  CHECK_THROWS_WITH(make_masks(options, kAxes),
                    Catch::Contains("--window is 33 bins along frequency; expected 1 to 32"));
  options = family(MaskFamily::rise);
  options.grid = {4, 61};
  CHECK_THROWS_WITH(make_masks(options, kAxes),
                    Catch::Contains("--grid is 61 cells along time; expected 1 to 60"));
  CHECK_THROWS_WITH(parse_mask_family("noise"),
                    "mask family 'noise' is not known; "
                    "it is one of: random, rise, time, frequency, time-frequency, window");
}
