#include "masks/mask_design.hpp"

#include <cmath>
#include <cstdint>
#include <set>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("a mask depends on seed and index alone") {
  const MaskLaw law = random_mask_law({128, 501}, {7, 7});
  const IndependentDesign one(law, 42, 0.5);
  const IndependentDesign same(law, 42, 0.5);
  const IndependentDesign other(law, 43, 0.5);
  static_cast<void>(one.mask(999));  // the order of calls does not matter
  CHECK(one.mask(7).cell_bits == same.mask(7).cell_bits);
  CHECK(one.mask(7).shift == same.mask(7).shift);
  CHECK(one.mask(7).cell_bits != other.mask(7).cell_bits);
  CHECK(one.mask(7).cell_bits != one.mask(8).cell_bits);
}

TEST_CASE("the masks of a seed never change from version to version") {
  // Golden values from this design. A change would alter every user's maps.
  const IndependentDesign design(random_mask_law({16, 20}, {2, 4}), 1, 0.5);
  const Mask mask = design.mask(3);
  CHECK(mask.shift == std::array<std::uint32_t, 2>{1, 0});
  CHECK(mask.cell_bits == std::vector<std::uint8_t>{1, 1, 1, 0, 0, 0, 0, 1});
}

TEST_CASE("cells are kept with the probability asked for, one by one and in pairs") {
  const double keep = GENERATE(0.5, 0.3);
  const IndependentDesign design(random_mask_law({28, 28}, {7, 7}), 3, keep);
  constexpr std::size_t kMasks = 20000;
  std::vector<double> kept(49);
  double neighbours = 0.0;
  for (std::size_t n = 0; n < kMasks; ++n) {
    const Mask mask = design.mask(n);
    for (std::size_t cell = 0; cell < 49; ++cell) kept[cell] += mask.cell_bits[cell];
    neighbours += mask.cell_bits[0] * mask.cell_bits[1];
  }
  // Five standard deviations of a binomial fraction.
  const auto within = [](double share, double expected) {
    return std::abs(share - expected) < 5.0 * std::sqrt(expected * (1 - expected) / kMasks);
  };
  for (const double count : kept) CHECK(within(count / kMasks, keep));
  CHECK(within(neighbours / kMasks, keep * keep));
}

TEST_CASE("every shift is drawn, and equally often") {
  const IndependentDesign design(random_mask_law({30, 30}, {5, 7}), 9, 0.5);
  constexpr std::size_t kMasks = 35000;
  std::vector<double> counts(35);
  for (std::size_t n = 0; n < kMasks; ++n) {
    const auto shift = design.mask(n).shift;
    REQUIRE(shift[0] < 5);
    REQUIRE(shift[1] < 7);
    counts[shift[0] * 7 + shift[1]] += 1.0;
  }
  for (const double count : counts) CHECK(std::abs(count - 1000.0) < 5.0 * std::sqrt(1000.0));
}

TEST_CASE("probabilities outside (0, 1) are refused") {
  const MaskLaw law = random_mask_law({16, 20}, {4, 4});
  const double keep = GENERATE(0.0, 1.0, -0.1, 1.5, std::nan(""));
  CHECK_THROWS_AS(IndependentDesign(law, 0, keep), ConfigError);
}
