#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/edits.hpp"
#include "cli/model_choice.hpp"
#include "masks/mask_family.hpp"
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro::cli {

/// Reads "7x7" (frequency x time). @throws ConfigError  not two whole numbers of 1 or more,
/// or numbers that no spectrogram has.
[[nodiscard]] Shape2d parse_shape(const std::string& text, const std::string& option);

/// Declares --figure: the ending of a figure, or none.
void declare_figure(CommandLine& line, std::string& figure);

/// Declares --recordings: a folder with recordings that are not where results say.
void declare_recordings(CommandLine& line, std::filesystem::path& folder);

/// How recordings are read.
struct AudioChoice {
  AudioOptions options;

  void declare(CommandLine& line);
};

/// The recordings of a stage, and how they are read.
struct InputOptions {
  std::vector<std::filesystem::path> files;
  AudioChoice audio;

  void declare(CommandLine& line);
};

/// How much is said on the way.
struct TalkOptions {
  bool quiet = false;
  std::optional<bool> progress;

  void declare(CommandLine& line);        ///< --quiet, and what draws progress
  void declare_quiet(CommandLine& line);  ///< of a stage that takes no time
  [[nodiscard]] bool shows_progress() const;
  /// Says a warning of a recording, unless quiet.
  void warn(const std::filesystem::path& file, const std::string& text) const;
  /// Says where a file is not the one that a result was made from.
  void warn_if_changed(const SourceFile& recorded, const SourceFile& now,
                       const std::filesystem::path& result) const;
  /// Says in what a model's card is not the one that a result was made with.
  void warn_if_changed(const Result& recorded, const ModelCard& now,
                       const std::filesystem::path& result) const;
  /// Reads a recording whose own warnings nothing else says. @throws as read_audio
  [[nodiscard]] Audio read(const std::filesystem::path& file, const AudioOptions& options) const;
};

/// A model that is ready to run, and its file's hash.
struct LoadedModel {
  std::unique_ptr<Model> model;
  SourceFile file;
};

/// Loads a model and says its warnings, unless quiet. @throws as load_model
[[nodiscard]] LoadedModel load(const std::filesystem::path& path, const ModelOptions& options,
                               const TalkOptions& talk);

/// Which model, and what it runs on.
struct ModelChoice {
  std::string name = kDefaultModel;

  void declare(CommandLine& line);         ///< --model
  void declare_device(CommandLine& line);  ///< --device, --optimise, --precision
  /// @throws as find_model
  [[nodiscard]] std::filesystem::path path() const { return find_model(name); }
  /// What was typed, over other options.
  [[nodiscard]] ModelOptions options(const ModelOptions& over = {}) const {
    return typed_.over(over);
  }
  /// @throws as load and find_model
  [[nodiscard]] LoadedModel load(const TalkOptions& talk) const {
    return cli::load(path(), options(), talk);
  }

 private:
  Edits<ModelOptions> typed_;
};

/// How a model is run: what is not said is chosen.
struct EngineChoice {
  void declare(CommandLine& line);
  /// What was typed, over other options, checked. @throws ConfigError
  [[nodiscard]] EngineOptions read(const EngineOptions& over = {}) const;

 private:
  Edits<EngineOptions> typed_;
};

/// Which masks: their family, shape and number.
struct MaskChoice {
  void declare(CommandLine& line);
  /// What was typed, over other options. @throws ConfigError
  [[nodiscard]] MaskOptions read(const MaskOptions& over = {}) const;

 private:
  Edits<MaskOptions> typed_;
  std::optional<std::string> windows_;
  std::optional<std::string> strides_;
};

/// Where results go.
struct OutputOptions {
  std::filesystem::path path;
  bool overwrite_files = false;

  void declare(CommandLine& line, const std::string& what);
  [[nodiscard]] Overwrite overwrite() const {
    return overwrite_files ? Overwrite::yes : Overwrite::no;
  }
};

/// The message, with the file that it is about where it does not name it.
[[nodiscard]] std::string with_file(const std::filesystem::path& file, const std::string& message);

/// Runs `work(i)` for each input. One of several that fails is reported and does not stop the rest.
/// @returns kSuccess, kSomeFailed, or, where all failed, kUsage or kFailure: was it the request, or
///          the recordings?
[[nodiscard]] int for_each_input(const std::vector<std::filesystem::path>& files,
                                 const std::function<void(std::size_t)>& work);

}  // namespace relax_spectro::cli
