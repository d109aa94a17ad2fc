#pragma once

#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/region.hpp"
#include "resynthesis/network_check.hpp"
#include "resynthesis/resynthesis.hpp"

namespace relax_spectro {

/// A sound that was written, and how well it is what the network was given.
struct WrittenSound {
  std::string file;              ///< its name, beside the JSON
  double level_db = 0.0;         ///< by which it was made quieter, so that it does not clip
  std::optional<Region> region;  ///< for sounds of regions, which have no numbers below
  std::optional<LogMelError> error;
  std::optional<double> too_loud_share;
  std::optional<std::size_t> refinements;
  std::optional<NetworkCheck> check;  ///< nothing: the network was not there
};

/// What was made of a result. `result.provenance` names the recording and the model as they are now.
struct ListenResult {
  Result result;
  SourceFile made_from;  ///< the JSON of the result
  std::string select;
  Fill fill;
  std::vector<WrittenSound> sounds;
  std::vector<std::string> warnings;
};

/// The JSON of a run: see data/FORMAT.md.
[[nodiscard]] std::string to_json(const ListenResult& result);

}  // namespace relax_spectro
