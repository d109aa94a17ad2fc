#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "relax_spectro/explain.hpp"
#include "relax_spectro/output_file.hpp"
#include "relax_spectro/provenance.hpp"
#include "relax_spectro/sanity.hpp"

namespace relax_spectro {

/// Where a sanity check comes from: what its maps do not say.
struct SanitySource {
  Provenance provenance;            ///< of the maps of the model itself
  std::string shuffled_runtime;     ///< Model::runtime() with all layers shuffled
  std::uint64_t shuffle_seed = 0;   ///< of the first shuffle; the next ones have the next seeds
  std::vector<std::string> layers;  ///< Model::layers()
};

/// Writes `<stem>.npz` and `<stem>.json`, as data/FORMAT.md says.
/// @param figure  drawn already; it takes its place with them. None where there is no figure.
/// @throws IoError  as write_result.
void write_sanity(const std::filesystem::path& stem, const SanityCheck& check,
                  const ExplainOptions& options, const ModelCard& card, const SanitySource& source,
                  Overwrite overwrite, OutputFile* figure = nullptr);

}  // namespace relax_spectro
