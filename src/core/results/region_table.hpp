#pragma once

#include <span>
#include <string>

#include "results/region.hpp"

namespace relax_spectro {

/// Regions as boxes in CSV (RFC 4180): file, start_s, end_s, low_hz, high_hz, label.
/// @param recording  the text in the column `file`.
[[nodiscard]] std::string regions_csv(std::span<const Region> regions, const std::string& recording,
                                      const std::string& label);

/// Regions as a selection table of Raven (Cornell Lab of Ornithology), tab separated. Extra columns
/// have peak importance, mean contrast and number of bins.
/// @param channel  of the recording, starting at 1.
[[nodiscard]] std::string raven_table(std::span<const Region> regions, int channel,
                                      const std::string& label);

/// Regions as labels in Audacity's extended format. A second line for each region begins with a
/// backslash and has its frequencies.
[[nodiscard]] std::string audacity_labels(std::span<const Region> regions,
                                          const std::string& label);

}  // namespace relax_spectro
