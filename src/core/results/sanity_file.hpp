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

/// Where a sanity check comes from: what its maps do not say.
struct SanitySource {
  SourceFile result;                ///< the JSON of the result that is tested
  Provenance provenance;            ///< of the model's map with the other seed
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

/// What the JSON of a sanity check says of its outcome.
struct SanitySummary {
  std::optional<bool> passes;  ///< nothing: inconclusive
  std::string verdict;         ///< in words
  std::string result_sha256;   ///< of the JSON of the result that was tested
  std::string command_line;
  std::vector<std::string> warnings;
};

/// @throws IoError  not the JSON of a sanity check.
[[nodiscard]] SanitySummary read_sanity_summary(const std::filesystem::path& path);

}  // namespace relax_spectro
