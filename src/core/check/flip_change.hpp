#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "check/map_comparison.hpp"

namespace relax_spectro::core {

/// The change in the faithfulness of a map.
struct FlipChange {
  std::optional<CheckedNumber> gap;  ///< nothing: not compared
  std::string note;                  ///< why not; empty if one of the two was never tested
};

/// Compares the NAME.flip.json beside two results, whose JSON is given.
/// @param most  limit of the change; without it, see Note [Flip changes].
/// @throws IoError  a file exists but is damaged.
[[nodiscard]] FlipChange compare_flips(const std::filesystem::path& baseline,
                                       const std::filesystem::path& current,
                                       std::optional<double> most);

}  // namespace relax_spectro::core
