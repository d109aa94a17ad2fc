#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "relax_spectro/model/model_card.hpp"
#include "relax_spectro/results/flip_file.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro {

/// In what the result whose JSON is named differs from the one that a run would write: "masks.seed
/// is 1, now 0". Nothing: in none of its options, nor in the recording, the model or its card.
///
/// Where files lie, which program wrote the result, and how it was run (device, optimisation,
/// batches, workers, threads), which moves the last digits at most, does not count.
/// @param asked  the run's provenance; of the input the hash and the channel.
/// @throws IoError  not the JSON of a result.
[[nodiscard]] std::vector<std::string> result_differences(const std::filesystem::path& path,
                                                          const ExplainOptions& options,
                                                          const ModelCard& card,
                                                          const Provenance& asked);

/// The same of a flipping: of its options, and of the result, the recording and the model.
[[nodiscard]] std::vector<std::string> flipping_differences(const std::filesystem::path& path,
                                                            const FlipOptions& options,
                                                            const FlipSource& asked);

}  // namespace relax_spectro
