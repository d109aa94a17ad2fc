#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evaluation/sanity.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro {

/// The origin of a sanity check: everything except the maps.
struct SanitySource {
  SourceFile result;                ///< the JSON of the tested result
  Provenance provenance;            ///< of the model's map with the other seed
  std::string shuffled_runtime;     ///< Model::runtime() with all layers shuffled
  std::uint64_t shuffle_seed = 0;   ///< of the first shuffle; later ones use the next seeds
  std::vector<std::string> layers;  ///< Model::layers()
};

/// Writes `<stem>.npz` and `<stem>.json` (data/FORMAT.md).
/// @param figure  already drawn, moved to its place together with them. Null if there is none.
/// @throws IoError  as write_result.
void write_sanity(const std::filesystem::path& stem, const SanityCheck& check,
                  const ExplainOptions& options, const ModelCard& card, const SanitySource& source,
                  Overwrite overwrite, OutputFile* figure = nullptr);

/// The outcome in the JSON of a sanity check.
struct SanitySummary {
  std::optional<bool> passes;  ///< nothing: inconclusive
  std::string verdict;         ///< as text
  std::string result_sha256;   ///< of the JSON of the tested result
  std::string command_line;
  std::vector<std::string> warnings;
};

/// @throws IoError  the file is not the JSON of a sanity check.
[[nodiscard]] SanitySummary read_sanity_summary(const std::filesystem::path& path);

}  // namespace relax_spectro
