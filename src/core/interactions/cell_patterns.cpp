#include "interactions/cell_patterns.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/require.hpp"
#include "masks/cell_code.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kMostGroupsWithAllPatterns = 10;
constexpr std::uint32_t kLeastDegree = 4;
constexpr std::size_t kMostBlocks = 64;

CellPatterns all_patterns(std::size_t groups) {
  CellPatterns patterns{Array2d<std::uint8_t>(std::size_t{1} << groups, groups), 0};
  for (std::size_t pattern = 0; pattern < patterns.kept.rows; ++pattern) {
    for (std::size_t group = 0; group < groups; ++group) {
      patterns.kept(pattern, group) = static_cast<std::uint8_t>(pattern >> group & 1U);
    }
  }
  return patterns;
}

}  // namespace

CellPatterns balanced_patterns(std::size_t groups, std::optional<std::size_t> count,
                               std::uint64_t seed) {
  const std::size_t all = groups <= 12 ? std::size_t{1} << groups : 0;
  if (count ? *count == all : groups <= kMostGroupsWithAllPatterns) return all_patterns(groups);
  const core::CellCode code = core::CellCode::for_cells(groups, kLeastDegree);
  const std::size_t words = code.words();
  const std::size_t wanted = count.value_or(words);
  core::require(
      wanted >= words && wanted % words == 0 && wanted <= kMostBlocks * words,
      fmt::format("--masks is {}; for {} parts expected {}a multiple of {} up to {}", wanted,
                  groups, all > 0 ? fmt::format("{} (all patterns) or ", all) : "", words,
                  kMostBlocks * words));
  CellPatterns patterns{{}, wanted / words};
  for (std::size_t block = 0; block < patterns.blocks; ++block) {
    const core::DrawStream draws(seed, block, core::DrawsFor::cell_patterns);
    for (std::uint32_t number = 0; number < words; ++number) {
      append_row(patterns.kept, code.word(number, groups, draws));
    }
  }
  return patterns;
}

CellPatterns patterns_near_whole(std::size_t groups) {
  CellPatterns patterns;
  std::vector<std::uint8_t> kept(groups, 1);
  append_row(patterns.kept, kept);
  for (std::size_t i = 0; i < groups; ++i) {
    kept[i] = 0;
    append_row(patterns.kept, kept);
    kept[i] = 1;
  }
  for (std::size_t i = 0; i < groups; ++i) {
    kept[i] = 0;
    for (std::size_t j = i + 1; j < groups; ++j) {
      kept[j] = 0;
      append_row(patterns.kept, kept);
      kept[j] = 1;
    }
    kept[i] = 1;
  }
  return patterns;
}

}  // namespace relax_spectro
