#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include "masks/mask_design.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

const MaskLaw kLaw = random_mask_law({28, 28}, {7, 7});
constexpr std::size_t kCells = 49;

std::unique_ptr<MaskDesign> make_design(bool code, const MaskLaw& law, std::uint64_t seed,
                                        std::size_t masks_per_block) {
  if (code) return std::make_unique<CodeDesign>(law, seed, masks_per_block);
  return std::make_unique<SobolDesign>(law, seed, 0.5, masks_per_block);
}

std::vector<Mask> masks_of(const MaskDesign& design, MaskRange range) {
  std::vector<Mask> masks;
  for (std::size_t n = range.begin; n < range.end; ++n) masks.push_back(design.mask(n));
  return masks;
}

/// The number of masks that keep both cells.
std::size_t kept_together(const std::vector<Mask>& masks, std::size_t a, std::size_t b) {
  return static_cast<std::size_t>(std::count_if(masks.begin(), masks.end(), [&](const Mask& mask) {
    return mask.cell_bits[a] != 0 && mask.cell_bits[b] != 0;
  }));
}

bool same(const Mask& a, const Mask& b) { return a.cell_bits == b.cell_bits && a.shift == b.shift; }

}  // namespace

TEST_CASE("a block of the code design keeps each cell in half and each pair in a quarter of it") {
  const std::size_t cells_wide = GENERATE(7, 12);  // 49 and 96 cells: the two fields
  const std::size_t size = GENERATE(256, 1024);
  const MaskLaw law = random_mask_law({28, 28}, {cells_wide == 7 ? 7U : 8U, cells_wide});
  const CodeDesign design(law, 5, size);
  const std::vector<Mask> masks = masks_of(design, {size, 2 * size});
  const std::size_t cells = masks[0].cell_bits.size();
  for (std::size_t a = 0; a < cells; ++a) {
    REQUIRE(kept_together(masks, a, a) == size / 2);
    for (std::size_t b = 0; b < a; ++b) REQUIRE(kept_together(masks, a, b) == size / 4);
  }
}

TEST_CASE("a block of the code design keeps any three cells together in an eighth of it") {
  const std::vector<Mask> masks = masks_of(CodeDesign(kLaw, 8, 128), {0, 128});
  for (std::size_t a = 2; a < kCells; a += 3) {
    for (std::size_t b = 1; b < a; b += 2) {
      for (std::size_t c = 0; c < b; ++c) {
        REQUIRE(std::count_if(masks.begin(), masks.end(), [&](const Mask& mask) {
                  return (mask.cell_bits[a] & mask.cell_bits[b] & mask.cell_bits[c]) != 0;
                }) == 16);
      }
    }
  }
}

TEST_CASE("no two cells of a Sobol block of twice as many masks are tied to each other") {
  static_assert(2 * kCells <= 128);
  const std::size_t points = GENERATE(128, 256);
  const std::vector<Mask> masks = masks_of(SobolDesign(kLaw, 3, 0.5, points), {0, points});
  for (std::size_t a = 0; a < kCells; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const std::size_t together = kept_together(masks, a, b);
      INFO("cells " << a << " and " << b);
      REQUIRE(together > 0);
      REQUIRE(together < points / 2);
    }
  }
}

TEST_CASE("masks 2i and 2i + 1 of the code design are complements at one shift") {
  const CodeDesign design(kLaw, 6, 64);
  for (std::size_t n = 0; n < 256; n += 2) {
    const Mask even = design.mask(n);
    const Mask odd = design.mask(n + 1);
    REQUIRE(even.shift == odd.shift);
    for (std::size_t cell = 0; cell < kCells; ++cell) {
      REQUIRE(even.cell_bits[cell] + odd.cell_bits[cell] == 1);
    }
  }
}

TEST_CASE("a block of Sobol masks keeps each cell in its share of it") {
  const double keep = GENERATE(0.25, 0.5);
  const std::size_t size = GENERATE(64, 512);
  const SobolDesign design(kLaw, 5, keep, size);
  const std::vector<Mask> masks = masks_of(design, {3 * size, 4 * size});
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    REQUIRE(static_cast<double>(kept_together(masks, cell, cell)) ==
            keep * static_cast<double>(size));
  }
}

TEST_CASE("each block has its shifts in balance, and over many blocks each shift is as likely") {
  const bool code = GENERATE(true, false);
  const auto design = make_design(code, kLaw, 2, 128);
  constexpr std::size_t kBlocks = 200;
  std::vector<double> counts(kCells);
  for (std::size_t block = 0; block < kBlocks; ++block) {
    std::vector<double> along_frequency(7);
    std::vector<double> along_time(7);
    for (const Mask& mask : masks_of(*design, {block * 128, (block + 1) * 128})) {
      along_frequency.at(mask.shift[0]) += 1.0;
      along_time.at(mask.shift[1]) += 1.0;
      counts[mask.shift[0] * 7 + mask.shift[1]] += 1.0;
    }
    // 128 / 7 = 18.3; the code design's masks come in pairs.
    for (const double count : along_frequency) REQUIRE(std::abs(count - 18.3) < 4.0);
    for (const double count : along_time) REQUIRE(std::abs(count - 18.3) < 4.0);
  }
  const double expected = kBlocks * 128.0 / 49.0;
  for (const double count : counts) {
    REQUIRE(std::abs(count - expected) < 5.0 * std::sqrt(2.0 * expected));
  }
}

TEST_CASE("any one mask of a block design is distributed as an independent one") {
  // Statistics of the third mask over all blocks: a cell, a pair of cells, a cell with the shift.
  const bool code = GENERATE(true, false);
  const auto design = make_design(code, kLaw, 9, 64);
  constexpr std::size_t kBlocks = 20000;
  double cell = 0.0;
  double pair = 0.0;
  double with_shift = 0.0;
  for (std::size_t block = 0; block < kBlocks; ++block) {
    const Mask mask = design->mask(block * 64 + 2);
    cell += mask.cell_bits[11] / double{kBlocks};
    pair += mask.cell_bits[11] * mask.cell_bits[30] / double{kBlocks};
    with_shift += (mask.shift[0] == 3 ? mask.cell_bits[30] : 0) / double{kBlocks};
  }
  const auto within = [](double share, double expected) {
    return std::abs(share - expected) < 5.0 * std::sqrt(expected * (1 - expected) / kBlocks);
  };
  CHECK(within(cell, 0.5));
  CHECK(within(pair, 0.25));
  CHECK(within(with_shift, 0.5 / 7.0));
}

TEST_CASE("a mask of a block design depends on seed, block and index alone") {
  const bool code = GENERATE(true, false);
  const auto one = make_design(code, kLaw, 42, 64);
  const auto again = make_design(code, kLaw, 42, 64);
  const auto other = make_design(code, kLaw, 43, 64);
  const Mask late = one->mask(1000);
  CHECK(same(one->mask(7), again->mask(7)));
  CHECK(same(late, again->mask(1000)));
  CHECK_FALSE(same(one->mask(7), other->mask(7)));
  CHECK_FALSE(same(one->mask(7), one->mask(64 + 7)));
}

TEST_CASE("the masks of a code or Sobol seed never change from version to version") {
  // Golden values from these designs. A change would alter every user's maps.
  const MaskLaw law = random_mask_law({16, 20}, {2, 4});
  const CodeDesign code(law, 1, 64);
  CHECK(code.mask(70).shift == std::array<std::uint32_t, 2>{1, 1});
  CHECK(code.mask(70).cell_bits == std::vector<std::uint8_t>{0, 1, 1, 0, 1, 1, 0, 0});
  const SobolDesign sobol(law, 1, 0.5, 64);
  CHECK(sobol.mask(70).shift == std::array<std::uint32_t, 2>{0, 2});
  CHECK(sobol.mask(70).cell_bits == std::vector<std::uint8_t>{1, 1, 0, 1, 1, 0, 1, 0});
}

TEST_CASE("the parts of a range are the design's blocks, with what is left of others") {
  const auto sizes = [](const MaskDesign& design, MaskRange range) {
    std::vector<std::size_t> result;
    std::size_t next = range.begin;
    for (const MaskRange part : design.blocks(range)) {
      REQUIRE(part.begin == next);
      next = part.end;
      result.push_back(part.size());
    }
    REQUIRE(next == range.end);
    return result;
  };
  using Sizes = std::vector<std::size_t>;
  const CodeDesign code(kLaw, 0, 64);
  CHECK(sizes(code, {0, 512}) == Sizes(8, 64));
  CHECK(sizes(code, {64, 192}) == Sizes{64, 64});
  CHECK(sizes(code, {0, 200}) == Sizes{64, 64, 72});
  CHECK(sizes(code, {60, 200}) == Sizes{68, 72});
  CHECK(sizes(code, {60, 190}) == Sizes{130});
  CHECK(sizes(code, {0, 100}) == Sizes{100});
  CHECK(sizes(code, {0, 64 * 64}) == Sizes(32, 128));
  CHECK(sizes(CodeDesign(kLaw, 0, 4), {0, 12}) == Sizes{12});

  const IndependentDesign independent(kLaw, 0, 0.5);
  CHECK(sizes(independent, {5, 405}) == Sizes(8, 50));
  CHECK(sizes(independent, {0, 15}) == Sizes{15});
}

TEST_CASE("what a block design cannot make is refused, with what can") {
  CHECK_THROWS_WITH(CodeDesign(random_mask_law({28, 28}, {13, 10}), 0, 256),
                    "a grid of 130 cells; code masks take at most 128: "
                    "use Sobol masks, or independent ones");
  CHECK_THROWS_WITH(CodeDesign(kLaw, 0, 256, 0.4), Catch::Contains("code masks have 0.5"));
  const std::size_t odd_size = GENERATE(0, 1, 63, 8194);
  CHECK_THROWS_WITH(CodeDesign(kLaw, 0, odd_size), Catch::Contains("even number from 2 to 8192"));
  CHECK_THROWS_WITH(SobolDesign(random_mask_law({70, 70}, {61, 61}), 0, 0.5, 256),
                    Catch::Contains("Sobol masks take at most 3665"));
  CHECK_THROWS_AS(SobolDesign(kLaw, 0, 1.0, 256), ConfigError);
  CHECK_THROWS_AS(SobolDesign(kLaw, 0, 0.5, 1), ConfigError);
}
