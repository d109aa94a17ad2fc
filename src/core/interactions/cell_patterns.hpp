#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// Which groups are kept, for each copy of a window.
struct CellPatterns {
  Array2d<std::uint8_t> kept;  ///< [pattern, group]; 1: kept, 0: masked
  /// The number of independent blocks of a code. 0: all patterns of the groups, so nothing is random.
  std::size_t blocks = 0;
};

/// The most patterns that are all used: those of 12 groups.
inline constexpr std::size_t kMostAllPatterns = 4096;

/// Patterns in which every pair of groups is balanced.
///
/// * All 2^K patterns of K groups, if `count` is 2^K, or by default up to ten groups.
/// * Otherwise one or more whole codes: 512 words for up to 16 groups, 2048 for up to 32, 8192 for
///   up to 64. Each is an orthogonal array of strength 5 (core::CellCode). In a part of a code,
///   pairs would be confounded with each other, so other counts are refused.
/// @param count  of patterns; by default all of up to ten groups, or one code.
/// @throws ConfigError  another count. The message lists the valid ones.
[[nodiscard]] CellPatterns balanced_patterns(std::size_t groups, std::optional<std::size_t> count,
                                             std::uint64_t seed);

/// The patterns around the whole window: all groups kept; each group masked; each pair masked, in
/// the order (0, 1), (0, 2), …, (1, 2), ….
[[nodiscard]] CellPatterns patterns_near_whole(std::size_t groups);

}  // namespace relax_spectro
