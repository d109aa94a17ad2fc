#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "check/map_comparison.hpp"

namespace relax_spectro::core {

/// How much the faithfulness of a map has changed.
struct FlipChange {
  std::optional<Measure> gap;  ///< nothing: not compared
  std::string note;            ///< why not; empty where one of the two was never tested
};

/// Compares NAME.flip.json beside two results, whose JSON is named.
/// @param most  limit of the change; without it: Note [Flip changes].
/// @throws IoError  one is there, but is damaged.
[[nodiscard]] FlipChange compare_flips(const std::filesystem::path& baseline,
                                       const std::filesystem::path& current,
                                       std::optional<double> most);

}  // namespace relax_spectro::core
