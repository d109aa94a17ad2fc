#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "evaluation/complexity.hpp"
#include "evaluation/localisation.hpp"

namespace relax_spectro {

/// How one result's map lies in the boxes of its recording.
struct LocalisationRow {
  std::filesystem::path file;                ///< the result
  std::string map;                           ///< which of its maps: "contrast"
  std::size_t boxes = 0;                     ///< that were compared with
  std::optional<Localisation> localisation;  ///< nothing: no bin lies in a box
  std::optional<Localisation> loudness;      ///< likewise, of the control: the spectrogram itself
  std::optional<Complexity> complexity;      ///< nothing: the map has no values
};

/// Whether the map has more of its mass in the boxes than loudness has; nothing where one of them
/// has none to compare.
[[nodiscard]] std::optional<bool> beats_loudness(const LocalisationRow& row);

/// The rows as CSV, with a header, as data/FORMAT.md says.
[[nodiscard]] std::string localisation_csv(std::span<const LocalisationRow> rows);

}  // namespace relax_spectro
