#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

#include "relax_spectro/results/result_reader.hpp"

namespace relax_spectro {

/// Reads a result as a pilot run, which forecasts from the noise of its maps.
/// @throws IoError      as read_result_summary.
/// @throws ConfigError  the result is a sweep of windows, of which nothing is drawn at random.
[[nodiscard]] ResultSummary read_pilot(const std::filesystem::path& path);

/// The masks that `explain --masks` is to be given so that a window of a pilot run reaches that
/// tolerance; nothing where its map is not above its noise.
/// @param window  one of the pilot's.
/// @throws ConfigError  the tolerance is not above 0.
[[nodiscard]] std::optional<std::size_t> window_forecast(const ResultSummary& pilot,
                                                         const ResultWindow& window,
                                                         double tolerance);

/// The largest forecast of a pilot's windows, which all of them are to be given; nothing where no
/// map is above its noise.
/// @throws ConfigError  the tolerance is not above 0.
[[nodiscard]] std::optional<std::size_t> largest_forecast(const ResultSummary& pilot,
                                                          double tolerance);

}  // namespace relax_spectro
