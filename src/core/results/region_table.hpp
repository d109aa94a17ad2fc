#pragma once

#include <span>
#include <string>

#include "results/region.hpp"

namespace relax_spectro {

/// Regions as boxes of a recording, CSV (RFC 4180): file, start_s, end_s, low_hz, high_hz, label.
/// @param recording  what stands in the column `file`.
[[nodiscard]] std::string regions_csv(std::span<const Region> regions, const std::string& recording,
                                      const std::string& label);

/// Regions as a selection table of Raven (Cornell Lab of Ornithology), tab separated, with their
/// peak importance, mean contrast and number of bins in columns of their own.
/// @param channel  of the recording, 1 being the first.
[[nodiscard]] std::string raven_table(std::span<const Region> regions, int channel,
                                      const std::string& label);

/// Regions as labels of Audacity in its extended format: a second line for each, which begins with
/// a backslash, says its frequencies.
[[nodiscard]] std::string audacity_labels(std::span<const Region> regions,
                                          const std::string& label);

}  // namespace relax_spectro
