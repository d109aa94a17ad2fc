#pragma once

#include <filesystem>
#include <optional>

#include "cli/options.hpp"
#include "relax_spectro/occlusion/engine.hpp"

namespace relax_spectro::cli {

/// The model of results. It is loaded again only if the next result has another model.
class ResultModels {
 public:
  /// All must outlive the object.
  ResultModels(const ModelChoice& choice, const EngineChoice& engine, const TalkOptions& talk)
      : choice_(&choice), engine_choice_(&engine), talk_(&talk) {}

  /// Warns if the model is not the one that the result was made with. @throws as load
  Engine& engine_for(const Provenance& recorded, const std::filesystem::path& result) {
    const ModelFiles files = model_files(recorded);
    if (!engine_ || files != files_) {
      engine_.reset();
      model_ = load(files, choice_->options(), *talk_);
      engine_.emplace(*model_.model, engine_choice_->read());
      files_ = files;
    }
    talk_->warn_if_changed(recorded, model_, result);
    return *engine_;
  }
  [[nodiscard]] const LoadedModel& model() const { return model_; }

 private:
  const ModelChoice* choice_;
  const EngineChoice* engine_choice_;
  const TalkOptions* talk_;
  ModelFiles files_;
  LoadedModel model_;
  std::optional<Engine> engine_;
};

}  // namespace relax_spectro::cli
