#include "featout/patches.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// A hill of this height with a flat top of 3 × 3 bins, which smoothing keeps.
void add_hill(Array2d<double>& map, std::size_t band, std::size_t frame, double height) {
  for (std::size_t b = 0; b < map.rows; ++b) {
    for (std::size_t t = 0; t < map.columns; ++t) {
      const auto off = [](std::size_t at, std::size_t centre) {
        return std::max(std::abs(static_cast<double>(at) - static_cast<double>(centre)) - 1.0, 0.0);
      };
      map(b, t) += height * std::exp(-std::hypot(off(b, band), off(t, frame)));
    }
  }
}

/// Hills of 4 and 2 above a floor of 0, with a hole of -1.
Array2d<double> two_hills() {
  Array2d<double> map(40, 100);
  add_hill(map, 10, 20, 4.0);
  add_hill(map, 30, 70, 2.0);
  add_hill(map, 5, 90, -1.0);
  return map;
}

PatchOptions two() {
  PatchOptions options;
  options.most = 2;
  options.most_mass = 1.0;
  return options;
}

std::vector<Patch> patches_of(const PatchOptions& options, double error = 0.5) {
  const Array2d<double> map = two_hills();
  return find_patches(map, Array2d<double>(map.rows, map.columns, error), options, 1);
}

}  // namespace

TEST_CASE("patches lie on the peaks, and are as strong and large as these are high") {
  const std::vector<Patch> patches = patches_of(two());
  REQUIRE(patches.size() == 2);
  CHECK((patches[0].band == 10 && patches[0].frame == 20));
  CHECK((patches[1].band == 30 && patches[1].frame == 70));
  CHECK(patches[0].strength == 1.0);
  CHECK(patches[1].strength == Approx(3.0 / 5.0).epsilon(1e-6));
  const double full = std::sqrt(0.1 / (2.0 * std::numbers::pi));
  CHECK(patches[0].half_bands == Approx(40.0 * full));
  CHECK(patches[0].half_frames == Approx(100.0 * full));
  CHECK(patches[1].half_bands == Approx(40.0 * full * patches[1].strength));
}

TEST_CASE("ellipses block the share of the map, and no centre lies in another's") {
  PatchOptions options = two();
  options.most = 12;
  options.share = 0.6;
  options.least_se = 0.0;
  Array2d<double> rising(200, 300);
  for (std::size_t i = 0; i < rising.values.size(); ++i) {
    rising.values[i] = 1.0 + std::sin(static_cast<double>(i * i % 1009));
  }
  for (const PatchPlaces places : {PatchPlaces::salient, PatchPlaces::random, PatchPlaces::keep}) {
    options.places = places;
    const std::vector<Patch> patches = find_patches(rising, {}, options, 3);
    REQUIRE(patches.size() == options.most);
    const double half = std::sqrt(options.share / (std::numbers::pi * 12.0));
    for (std::size_t i = 0; i < patches.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const double bands =
            static_cast<double>(patches[i].band) - static_cast<double>(patches[j].band);
        const double frames =
            static_cast<double>(patches[i].frame) - static_cast<double>(patches[j].frame);
        CHECK(std::hypot(bands / (half * 200.0), frames / (half * 300.0)) >= 1.0);
      }
    }
  }
  Patch full{100, 150, 200.0 * std::sqrt(0.6 / std::numbers::pi),
             300.0 * std::sqrt(0.6 / std::numbers::pi), 1.0};
  const Array2d<double> weights = patch_weights({full}, {200, 300}, PatchProfile::flat);
  // The full ellipse is as wide as the map, so only its edge is rounded to bins.
  CHECK(static_cast<double>(std::ranges::count(weights.values, 1.0)) ==
        Approx(0.6 * 200.0 * 300.0).epsilon(0.002));
}

TEST_CASE("a patch needs a peak above its standard errors") {
  CHECK(patches_of(two(), 0.9).size() == 2);  // 2 > 2 * 0.9
  CHECK(patches_of(two(), 1.1).size() == 1);
  CHECK(patches_of(two(), 2.1).empty());
  PatchOptions options = two();
  options.least_se = 0.0;
  CHECK(patches_of(options, 9.0).size() == 2);
}

TEST_CASE("random patches have the numbers, sizes and strengths of the salient ones") {
  PatchOptions options = two();
  const std::vector<Patch> salient = patches_of(options);
  options.places = PatchPlaces::random;
  const std::vector<Patch> random = patches_of(options);
  REQUIRE(random.size() == salient.size());
  for (std::size_t i = 0; i < salient.size(); ++i) {
    CHECK(random[i].strength == salient[i].strength);
    CHECK(random[i].half_bands == salient[i].half_bands);
    CHECK(random[i].half_frames == salient[i].half_frames);
  }
  // Over seeds, each place is as likely.
  const Array2d<double> map = two_hills();
  double bands = 0.0;
  double frames = 0.0;
  constexpr int kSeeds = 400;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Patch first = find_patches(map, Array2d<double>(40, 100, 0.5), options, seed).front();
    bands += static_cast<double>(first.band) / kSeeds;
    frames += static_cast<double>(first.frame) / kSeeds;
  }
  CHECK(std::abs(bands - 19.5) < 4.0 * 11.5 / 20.0);  // four standard errors of a mean of 400
  CHECK(std::abs(frames - 49.5) < 4.0 * 28.9 / 20.0);
}

TEST_CASE("what is kept has its patches where the contrast is lowest") {
  PatchOptions options = two();
  options.places = PatchPlaces::keep;
  const std::vector<Patch> patches = patches_of(options);
  REQUIRE(patches.size() == 2);
  CHECK((patches[0].band == 5 && patches[0].frame == 90));
  CHECK(patches[0].strength == 1.0);
}

TEST_CASE("weights fall to the edge, and the largest counts") {
  const Patch weak{10, 20, 4.0, 8.0, 0.5};
  const Patch strong{10, 24, 4.0, 8.0, 1.0};
  const Array2d<double> one = patch_weights({weak}, {40, 100}, PatchProfile::cosine);
  CHECK(one(10, 20) == 0.5);
  CHECK(one(12, 20) == Approx(0.25));  // half of the way
  CHECK(one(10, 24) == Approx(0.25));
  CHECK(one(14, 20) == 0.0);
  const Array2d<double> both = patch_weights({weak, strong}, {40, 100}, PatchProfile::cosine);
  CHECK(both(10, 24) == 1.0);
  CHECK(both(10, 13) == one(10, 13));  // outside the second
  CHECK(patch_weights({weak}, {40, 100}, PatchProfile::flat)(10, 13) == 0.5);
}

TEST_CASE("weights take at most a share of the positive contrast") {
  PatchOptions options = two();
  options.profile = PatchProfile::flat;
  options.share = 0.5;
  const Array2d<double> map = two_hills();
  const auto mass = [&] {
    return mass_taken(map, patch_weights(patches_of(options), {40, 100}, options.profile));
  };
  const double all = mass();
  CHECK(all > 0.6);
  const std::vector<Patch> before = patches_of(options);
  options.most_mass = 0.3;
  CHECK(mass() == Approx(0.3));
  const std::vector<Patch> after = patches_of(options);
  CHECK(after[1].strength == Approx(before[1].strength * 0.3 / all));
  CHECK(after[1].half_frames == before[1].half_frames);
}

TEST_CASE("suppressing mixes the input with the fill") {
  Array2d<float> input(1, 3, 4.0F);
  Array2d<float> fill(1, 3, -2.0F);
  Array2d<double> weights(1, 3);
  weights.values = {0.0, 0.5, 1.0};
  CHECK(suppressed(input, weights, fill).values == std::vector<float>{4.0F, 1.0F, -2.0F});
}

TEST_CASE("patches become more with the rounds of a training") {
  CHECK(Round::parse("0/10").patches() == 0);
  CHECK(Round::parse("3/10").patches() == 4);
  CHECK(Round::parse("9/10").patches() == 10);
  CHECK(Round::parse("1/100").patches() == 1);
  for (const char* text : {"", "3", "3/", "10/10", "0/0", "-1/3", "1/3/5"}) {
    CHECK_THROWS_AS(Round::parse(text), ConfigError);
  }
}
