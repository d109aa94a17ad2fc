#include "relax_spectro/model/model.hpp"

#include <fmt/format.h>

#include "base/require.hpp"
#include "files/text_match.hpp"
#include "model/backend.hpp"
#include "model/model_check.hpp"
#include "model/model_format.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/source_file.hpp"

namespace relax_spectro {
namespace {

void check_hash(const std::filesystem::path& model_path, const ModelCard& card) {
  if (!card.sha256) return;
  const std::string actual = sha256_of_file(model_path);
  if (actual != *card.sha256) {
    throw ModelError(fmt::format(
        "{}: is not the file that its card describes: the card has SHA-256 {}, the file {}. "
        "A TorchScript file is code: get the right file. If you trust this one, correct the card",
        model_path.string(), *card.sha256, actual));
  }
}

}  // namespace

void WeightShuffle::validate() const {
  core::require(!layers || *layers > 0, "0 layers to shuffle; expected 1 or more");
}

void ModelOptions::validate() const {
  if (shuffle) shuffle->validate();
  if (!core::matched_groups(device, "cpu|cuda(:[0-9]{1,2})?")) {
    throw ConfigError(
        fmt::format("--device is '{}'; expected cpu, cuda or cuda:INDEX (cuda:0)", device));
  }
}

Array2d<float> Model::spectrogram_of(std::span<const float> /*samples*/) {
  throw ModelError(fmt::format("{}: takes a spectrogram, and makes none of samples", card_.name));
}

std::unique_ptr<Model> load_model(const std::filesystem::path& model_path,
                                  const ModelOptions& options) {
  options.validate();
  if (model_path.extension() == ".json") {
    throw ModelError(fmt::format("{}: is a model card, expected the model itself (a .pt file)",
                                 model_path.string()));
  }
  core::require_network(model_path);
  const ModelCard card = read_model_card(model_path);
  check_hash(model_path, card);
  std::unique_ptr<Model> model = core::load_with_backend(model_path, card, options);
  core::check_model(*model, model_path, options.precision);
  return model;
}

ModelCard read_card_with_axes(const std::filesystem::path& model_path) {
  ModelCard card = read_model_card(model_path);
  return card.has_axes() ? card : load_model(model_path)->card();
}

}  // namespace relax_spectro
