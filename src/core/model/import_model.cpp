#include "relax_spectro/model/import_model.hpp"

#include <fmt/format.h>

#include "files/json_text.hpp"
#include "model/backend.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/model/architecture.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/model/state_dict.hpp"

namespace relax_spectro {
namespace {

StateDict read_weights(const ImportRequest& request) {
  StateDict all;
  for (const std::filesystem::path& path : request.weights) {
    for (auto& [name, tensor] : read_state_dict(path, request.key)) {
      if (!all.emplace(name, std::move(tensor)).second) {
        throw ModelError(fmt::format("{}: has the tensor '{}', which another file has, too",
                                     path.string(), name));
      }
    }
  }
  return all;
}

/// What the model was made of.
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

ModelCard card_for(const ImportRequest& request, const Architecture& architecture) {
  ModelCard card = request.card.value_or(architecture.card);
  if (card.front_end.bands == 0) {
    throw ConfigError(fmt::format(
        "the architecture {} does not say how a recording becomes its input: give a card that has "
        "the front end that its weights were trained with (--card, models/CARD.md)",
        architecture.name));
  }
  if (!request.labels.empty()) card.labels = request.labels;
  card.sha256.reset();  // a card inside a file cannot hold that file's hash
  card.notes_json = notes(request, card);
  card.validate();
  return card;
}

}  // namespace

ModelCard import_model(const ImportRequest& request, const std::filesystem::path& output,
                       Overwrite overwrite) {
  const Architecture& architecture = find_architecture(request.architecture);
  OutputFile file(output, overwrite);
  const ModelCard card = card_for(request, architecture);
  const NetworkSource network =
      architecture.network(read_weights(request), request.weights.front().string());
  core::write_with_backend(network, to_json(card), file.temporary_path());
  file.commit();
  return card;
}

}  // namespace relax_spectro
