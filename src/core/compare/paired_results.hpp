#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "relax_spectro/files/source_file.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// The results of two models for one recording.
struct PairedResult {
  SourceFile recording;
  std::filesystem::path a;  ///< the JSON of the first model's result
  std::filesystem::path b;
};

/// The results of a folder: all are of one model.
struct ModelResults {
  std::filesystem::path folder;
  std::string model;   ///< its name
  std::string hashes;  ///< tell it and its probe from other models
};

/// The recordings that two models were asked about.
struct PairedResults {
  ModelResults a;
  ModelResults b;
  std::string score;                ///< that both were asked for
  std::vector<PairedResult> pairs;  ///< sorted by the recordings' SHA-256
  std::vector<std::string> notes;   ///< what differs, or is missing
};

/// Pairs the results in two folders by the SHA-256 of their recordings.
/// @param ignore_options  differences in options, apart from the seed, become notes.
/// @throws IoError  a folder has no result, results of several models, or two of one recording. Or
///                  a result cannot be read.
/// @throws ConfigError  the folders have no recording in common. Or results were made with other
///                      options, or masks are the same for all recordings. The message has the file
///                      and the option.
[[nodiscard]] PairedResults pair_by_recording(const std::filesystem::path& a,
                                              const std::filesystem::path& b, bool ignore_options);

}  // namespace relax_spectro
