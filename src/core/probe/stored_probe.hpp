#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "probe/logistic_fit.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

inline constexpr std::string_view kProbeFormat = "relax-spectro probe";

/// A probe that was read from its files.
struct StoredProbe {
  SourceFile file;           ///< NAME.probe.json, which holds the hash of the arrays
  std::string model_sha256;  ///< of the model that made the embeddings
  std::vector<std::string> labels;
  LogisticFit fit;           ///< weights and bias; the rest is not read
  double temperature = 1.0;  ///< class scores are divided by it for probabilities
  std::vector<std::string> warnings;
};

/// Reads what write_probe wrote.
/// @param path  of the `.json`. The `.npz` is beside it.
/// @throws IoError      a file is missing or damaged, or the two do not belong together.
/// @throws ConfigError  the `.json` is not that of a probe, or a class has no recording in its fit.
[[nodiscard]] StoredProbe read_probe(const std::filesystem::path& path);

/// A model's card with the classes of a probe: its labels and its temperature, and softmax.
/// @param model  the file of the model.
/// @throws ModelError  the probe is of another model, or the model has no embedding.
[[nodiscard]] ModelCard probed_card(ModelCard card, const SourceFile& model,
                                    const StoredProbe& probe);

/// The model with the class scores of a probe in place of its own: weights · embedding + bias. The
/// embedding and all else is the model's.
/// @throws ModelError  as probed_card. Later: the embedding has another size than the weights.
[[nodiscard]] std::unique_ptr<Model> with_probe(std::unique_ptr<Model> model,
                                                const SourceFile& file, StoredProbe probe);

}  // namespace relax_spectro
