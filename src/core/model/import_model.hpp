#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// Published weights to be imported as a model.
struct ImportRequest {
  std::string architecture;
  std::vector<std::filesystem::path> weights;  ///< one or more files, whose tensors are joined
  std::string key;                             ///< of a state dict in a checkpoint; empty: the
                                               ///< largest
  /// The prefix of the network's tensor names ("net."); nothing: find it.
  std::optional<std::string> prefix;
  std::optional<ModelCard> card;    ///< replaces the architecture's
  std::vector<std::string> labels;  ///< replace the card's, unless empty
};

struct ImportedModel {
  ModelCard card;
  std::string prefix;                 ///< removed from the names; empty: none
  std::vector<std::string> left_out;  ///< tensors outside the network, such as a copy of it
};

/// Writes a TorchScript model with its card inside. Only weights are read; no code in the files is
/// run. The card's notes name those files and their SHA-256.
/// @throws ConfigError  the architecture is unknown, has no front end and no card was given, or
///                      several prefixes fit.
/// @throws IoError      a file cannot be read, or the model cannot be written.
/// @throws ModelError   the weights are damaged or not of that architecture.
ImportedModel import_model(const ImportRequest& request, const std::filesystem::path& output,
                           Overwrite overwrite);

}  // namespace relax_spectro
