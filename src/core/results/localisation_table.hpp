#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "evaluation/complexity.hpp"
#include "evaluation/localisation.hpp"

namespace relax_spectro {

/// How one result's map matches the boxes of its recording.
struct LocalisationRow {
  std::filesystem::path file;                ///< the result
  std::string map;                           ///< which of the result's maps: "contrast"
  std::size_t boxes = 0;                     ///< number of compared boxes
  std::optional<Localisation> localisation;  ///< nothing: no bin is in a box
  std::optional<Localisation> loudness;      ///< the same for the control: the spectrogram itself
  std::optional<Complexity> complexity;      ///< nothing: the map has no values
};

/// Whether the map has more of its mass in the boxes than loudness has. Nothing if either value is
/// missing.
[[nodiscard]] std::optional<bool> beats_loudness(const LocalisationRow& row);

/// The rows as CSV with a header (data/FORMAT.md).
[[nodiscard]] std::string localisation_csv(std::span<const LocalisationRow> rows);

}  // namespace relax_spectro
