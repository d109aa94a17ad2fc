#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "results/region.hpp"

namespace relax_spectro {

/// The regions of one result.
struct RecordingRegions {
  std::filesystem::path recording;
  std::string score;   ///< what was measured
  int channel = 1;     ///< of the recording, starting at 1
  double end_s = 0.0;  ///< of the part of the recording that was read
  std::vector<Region> regions;
};

/// Regions as boxes in CSV (RFC 4180), with the columns that data/FORMAT.md lists.
[[nodiscard]] std::string regions_csv(std::span<const RecordingRegions> results);

/// Regions as a selection table of Raven (Cornell Lab of Ornithology), tab separated. `Begin Time
/// (s)` counts through all recordings, as if Raven had opened them together in this order, and
/// `File Offset (s)` within the recording. A recording that was read in part counts up to the end
/// of that part.
[[nodiscard]] std::string raven_table(std::span<const RecordingRegions> results);

/// Regions as labels in Audacity's extended format. A second line for each region begins with a
/// backslash and has its frequencies.
[[nodiscard]] std::string audacity_labels(std::span<const Region> regions);

}  // namespace relax_spectro
