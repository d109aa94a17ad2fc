#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "interactions/interactions_file.hpp"

namespace relax_spectro {

/// The interactions of another model in a recording.
struct OtherResult {
  std::filesystem::path path;
  InteractionResult result;
};

/// Checks a folder of another model's results, before anything runs.
/// @param output  the folder for this model's results.
/// @param stems   the names of the recordings' results.
/// @throws ConfigError  it is the output's folder, by this or another name.
/// @throws IoError      it has a result of none of the recordings.
void check_other_folder(const std::filesystem::path& folder, const std::filesystem::path& output,
                        const std::vector<std::string>& stems);

/// @throws IoError  as read_interactions.
[[nodiscard]] OtherResult read_other(const std::filesystem::path& folder, const std::string& stem);

/// Checks that the results of two models can be compared: the recording, the context, the score and
/// the fill are the same, and the edges of parts differ by at most a tenth of the part.
/// @param parts       of the result, whose interactions may not be known yet.
/// @param other_path  the file that errors name.
/// @throws ConfigError  they differ; the message says in what.
void require_comparable(const InteractionResult& result, std::span<const CellGroup> parts,
                        const InteractionResult& other, const std::filesystem::path& other_path);

/// The strongest difference between two models in a sentence, or that there is none beyond chance.
/// Of few groups, it says the smallest p value that they can give.
/// @param mean  of all recordings: the interactions less those of the other model.
[[nodiscard]] std::string verdict_of_difference(const MeanEffects& mean,
                                                const std::vector<CellGroup>& groups);

}  // namespace relax_spectro
