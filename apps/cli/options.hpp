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
#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/engine.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro::cli {

/// Reads "7x7" (frequency x time). @throws ConfigError  it is not two whole numbers of 1 or more.
[[nodiscard]] Shape2d parse_shape(const std::string& text, const std::string& option);

/// Declares --figure: the format of a figure, or none.
void declare_figure(CommandLine& line, std::string& figure);

/// Declares --recordings: a folder with recordings that were moved.
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

struct LoadedModel;

/// Which messages are shown.
struct TalkOptions {
  bool quiet = false;
  std::optional<bool> progress;

  void declare(CommandLine& line);        ///< --quiet, --progress, --no-progress
  void declare_quiet(CommandLine& line);  ///< --quiet only, for fast stages
  [[nodiscard]] bool shows_progress() const;
  /// Warns about a file, unless quiet.
  void warn(const std::filesystem::path& file, const std::string& text) const;
  /// Warns if a file is not the one that a result was made from.
  void warn_if_changed(const SourceFile& recorded, const SourceFile& now,
                       const std::filesystem::path& result) const;
  /// Warns if a model or its probe is not the one that a result was made with.
  void warn_if_changed(const Provenance& recorded, const LoadedModel& now,
                       const std::filesystem::path& result) const;
  /// Warns how a model's card differs from the one that a result was made with.
  void warn_if_changed(const Result& recorded, const ModelCard& now,
                       const std::filesystem::path& result) const;
  /// Reads a recording and prints its warnings. @throws as read_audio
  [[nodiscard]] Audio read(const std::filesystem::path& file, const AudioOptions& options) const;
};

/// A model that is ready to run, and the hashes of its files.
struct LoadedModel {
  std::unique_ptr<Model> model;
  SourceFile file;
  std::optional<SourceFile> probe;
};

/// The files of a model.
struct ModelFiles {
  std::filesystem::path model;
  std::optional<std::filesystem::path> probe;  ///< whose classes replace the model's

  bool operator==(const ModelFiles&) const = default;
};

/// The files that a result was made with.
[[nodiscard]] ModelFiles model_files(const Provenance& recorded);

/// Loads a model and prints its warnings, unless quiet. @throws as load_model and with_probe
[[nodiscard]] LoadedModel load(const ModelFiles& files, const ModelOptions& options,
                               const TalkOptions& talk);

/// Which model, and where it runs.
struct ModelChoice {
  std::string name = kDefaultModel;
  std::optional<std::filesystem::path> probe;

  void declare(CommandLine& line);         ///< --model, --probe
  void declare_probe(CommandLine& line);   ///< --probe
  void declare_device(CommandLine& line);  ///< --device, --optimise, --precision
  /// @throws as find_model
  [[nodiscard]] std::filesystem::path path() const { return find_model(name); }
  /// What was typed, or else the other options.
  [[nodiscard]] ModelOptions options(const ModelOptions& over = {}) const {
    return typed_.over(over);
  }
  /// @throws as find_model
  [[nodiscard]] ModelFiles files() const { return {path(), probe}; }
  /// @throws as load and find_model
  [[nodiscard]] LoadedModel load(const TalkOptions& talk) const {
    return cli::load(files(), options(), talk);
  }

 private:
  Edits<ModelOptions> typed_;
};

/// How a model is run. Options that are not typed are chosen.
struct EngineChoice {
  void declare(CommandLine& line);
  /// What was typed, or else the other options, checked. @throws ConfigError
  [[nodiscard]] EngineOptions read(const EngineOptions& over = {}) const;

 private:
  Edits<EngineOptions> typed_;
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

/// The message, with the name of the file if it lacks it.
[[nodiscard]] std::string with_file(const std::filesystem::path& file, const std::string& message);

/// Runs `work(i)` for each input. A failure is printed, and the other inputs go on.
/// @returns  kSuccess or kSomeFailed. If all failed: kFailure, or kUsage if every request was wrong
///           (a ConfigError).
[[nodiscard]] int for_each_input(const std::vector<std::filesystem::path>& files,
                                 const std::function<void(std::size_t)>& work);

}  // namespace relax_spectro::cli
