#pragma once

#include <array>
#include <string_view>

namespace relax_spectro::core {

/// What the JSON of a result calls itself, and the version of data/FORMAT.md that it follows.
inline constexpr std::string_view kResultFormat = "relax-spectro result";
/// What the JSON of a flipping calls itself; of the same version.
inline constexpr std::string_view kFlipFormat = "relax-spectro flip";
/// What the JSON of a sanity check calls itself; of the same version.
inline constexpr std::string_view kSanityFormat = "relax-spectro sanity";
inline constexpr int kResultFormatVersion = 1;

/// Options in the JSON of a result that change nothing but the speed, and last digits.
inline constexpr std::array kSpeedOptions{"device", "optimise", "batch_size", "workers", "threads"};

}  // namespace relax_spectro::core
