#pragma once

#include <filesystem>
#include <string>

#include "relax_spectro/masks/mask.hpp"
#include "relax_spectro/results/result_reader.hpp"

namespace relax_spectro::cli {

/// A table for people: how many masks which error of importance takes at most.
/// @throws ConfigError  the keep probability is outside its range.
[[nodiscard]] std::string error_plan_text(Shape2d bins, double keep_probability);

/// A table for people: how many masks a pilot run forecasts for which noise of its maps.
/// @param path  of its result, for the heading.
[[nodiscard]] std::string pilot_plan_text(const ResultSummary& pilot,
                                          const std::filesystem::path& path);

}  // namespace relax_spectro::cli
