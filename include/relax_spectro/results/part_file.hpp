#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/result_reader.hpp"
#include "relax_spectro/saliency/partial_explanation.hpp"

namespace relax_spectro {

/// A part of a result as it was read.
struct PartFile {
  PartialExplanation part;
  ModelCard card;
  RecordedRun run;
  /// What has to be the same in all parts of a result, by field: "options.masks.seed".
  std::map<std::string, std::string> identity;
};

/// Where the part of a result goes: "dog" and masks 0:512 give "dog.part-0-512".
[[nodiscard]] std::filesystem::path part_stem(const std::filesystem::path& stem, MaskRange range);

/// Writes `<stem>.npz` and `<stem>.json`, as data/FORMAT.md says.
/// @throws IoError  as write_result.
void write_part(const std::filesystem::path& stem, const PartialExplanation& part,
                const ExplainOptions& options, const ModelCard& card, const Provenance& provenance,
                Overwrite overwrite);

/// Reads the part whose JSON is named, and the npz beside it.
/// @throws IoError  not such files, damaged, or of a newer format version.
[[nodiscard]] PartFile read_part(const std::filesystem::path& json_path);

}  // namespace relax_spectro
