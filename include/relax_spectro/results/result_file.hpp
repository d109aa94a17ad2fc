#pragma once

#include <filesystem>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro {

/// Writes `<stem>.npz` and `<stem>.json`, as data/FORMAT.md says.
/// @param stem    folder and file name without an ending.
/// @param figure  of the result, written already, which takes its place together with the rest.
/// @throws IoError  a file is there already and may not be overwritten, or cannot be written; then
///                  neither is left half-written.
void write_result(const std::filesystem::path& stem, const Explanation& explanation,
                  const ExplainOptions& options, const ModelCard& card,
                  const Provenance& provenance, Overwrite overwrite, OutputFile* figure = nullptr);

}  // namespace relax_spectro
