#include "model/import_model.hpp"

#include <fmt/format.h>

#include <utility>

#include "files/json_text.hpp"
#include "model/architecture.hpp"
#include "model/backend.hpp"
#include "model/network_prefix.hpp"
#include "model/state_dict.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro {
namespace {

StateDict read_weights(const ImportRequest& request) {
  StateDict all;
  for (const std::filesystem::path& path : request.weights) {
    for (auto& [name, tensor] : read_state_dict(path, request.key)) {
      if (!all.emplace(name, std::move(tensor)).second) {
        throw ModelError(fmt::format("{}: has the tensor '{}', which is also in another file",
                                     path.string(), name));
      }
    }
  }
  return all;
}

/// The weights of networks with a built-in spectrogram (PANNs' torchlibrosa) show their frame
/// length.
void require_front_end(const StateDict& weights, const ModelCard& card, const std::string& file) {
  const auto transform = weights.find("spectrogram_extractor.stft.conv_real.weight");
  if (transform == weights.end() || transform->second.shape.empty()) return;
  const std::size_t bins = transform->second.shape[0];
  const std::size_t expected = card.front_end.fft_samples / 2 + 1;
  if (bins == expected) return;
  throw ConfigError(
      fmt::format("{}: was trained on spectra of {} bins, but the card's front end has {}: another "
                  "sample rate. Give a card with its own front end (--card, models/CARD.md)",
                  file, bins, expected));
}

/// The notes in the card: the files that the model was made from.
std::string notes(const ImportRequest& request, const ModelCard& card) {
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(card.notes_json);
  json["architecture"] = request.architecture;
  json["imported_by"] = fmt::format("relax-spectro {}", version());
  json["weights"] = nlohmann::ordered_json::array();
  for (const std::filesystem::path& path : request.weights) {
    json["weights"].push_back(
        {{"file", path.filename().string()}, {"sha256", sha256_of_file(path)}});
  }
  return core::json_text(json);
}

/// The architecture's card, or the requested one. The layout of inputs and outputs always follows
/// from the architecture.
ModelCard chosen_card(const ImportRequest& request, const Architecture& architecture) {
  ModelCard card = request.card.value_or(architecture.card);
  card.input.axes = architecture.card.input.axes;
  card.input.channels = architecture.card.input.channels;
  card.embedding = architecture.card.embedding;
  card.class_scores = architecture.card.class_scores;
  const bool says_activation = request.card && request.card->class_scores;
  if (!says_activation) card.activation = architecture.card.activation;
  return card;
}

ModelCard card_for(const ImportRequest& request, const Architecture& architecture) {
  ModelCard card = chosen_card(request, architecture);
  if (!request.labels.empty()) card.labels = request.labels;
  card.sha256.reset();  // a card cannot contain the hash of the file that it is in
  card.notes_json = notes(request, card);
  card.validate();
  return card;
}

void note_prefix(ModelCard& card, const std::string& prefix) {
  if (prefix.empty()) return;
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(card.notes_json);
  json["prefix"] = prefix;
  card.notes_json = core::json_text(json);
}

/// A card beside a model takes precedence over the one inside it.
void refuse_other_card(const std::filesystem::path& output) {
  if (output.extension() != ".pt") {
    throw ConfigError(fmt::format("{}: models are written as .pt; name it so", output.string()));
  }
  std::filesystem::path beside = output;
  beside.replace_extension(".json");
  if (!std::filesystem::exists(beside)) return;
  throw ConfigError(
      fmt::format("{}: would be used as the card of {} instead of the one inside it. "
                  "Move it, or choose another name for the model",
                  beside.string(), output.string()));
}

/// Loads a model from its temporary file, which tests it on probe windows.
void try_model(const OutputFile& file, const std::filesystem::path& output) {
  try {
    static_cast<void>(load_model(file.temporary_path()));
  } catch (const Error& error) {
    std::string what = error.what();
    const std::string name = file.temporary_path().string();
    if (const auto place = what.find(name); place != std::string::npos) {
      what.replace(place, name.size(), output.string());
    }
    throw ModelError(what + ". It was not written");
  }
}

}  // namespace

ImportedModel import_model(const ImportRequest& request, const std::filesystem::path& output,
                           Overwrite overwrite) {
  const Architecture& architecture = find_architecture(request.architecture);
  refuse_other_card(output);
  OutputFile file(output, overwrite);
  ImportedModel made{card_for(request, architecture), {}, {}};
  const std::string first = request.weights.front().string();
  core::FoundNetwork found =
      core::find_network(architecture, read_weights(request), request.prefix, first);
  require_front_end(found.weights, made.card, first);
  note_prefix(made.card, found.prefix);
  core::write_with_backend(found.network, to_json(made.card), file.temporary_path());
  try_model(file, output);
  file.commit();
  made.prefix = std::move(found.prefix);
  made.left_out = std::move(found.left_out);
  return made;
}

}  // namespace relax_spectro
