#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// Published weights that are to become a model.
struct ImportRequest {
  std::string architecture;
  std::vector<std::filesystem::path> weights;  ///< one file or several, whose tensors are joined
  std::string key;                             ///< which state dict of a checkpoint; empty: largest
  /// What the names of the network's tensors begin with ("net."); nothing: the prefix that fits.
  std::optional<std::string> prefix;
  std::optional<ModelCard> card;    ///< in place of the architecture's
  std::vector<std::string> labels;  ///< in place of the card's, where there are any
};

struct ImportedModel {
  ModelCard card;
  std::string prefix;                 ///< what was taken off the names; empty: nothing
  std::vector<std::string> left_out;  ///< tensors beside the network, such as a copy of it
};

/// Writes a TorchScript model with its card inside, from weights alone: no code of theirs is run.
/// The card's notes say of which files it was made, and their SHA-256.
/// @throws ConfigError  no such architecture; it has no front end and no card was given; or several
///                      prefixes fit.
/// @throws IoError      a file cannot be read, or the model not written.
/// @throws ModelError   the weights are not of that architecture, or damaged.
ImportedModel import_model(const ImportRequest& request, const std::filesystem::path& output,
                           Overwrite overwrite);

}  // namespace relax_spectro
