#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "files/labels_table.hpp"
#include "probe/probe.hpp"

namespace relax_spectro {

/// A fold of a probe that was made before, and what its fit was given.
struct KnownFold {
  Fold fold;
  double c = 1.0;
  double temperature = 1.0;
};

/// What a probe was made from, to fit it again.
struct ProbeRecipe {
  ProbeData data;
  ProbeOptions options;  ///< with the C of the fit of all recordings
  std::vector<KnownFold> folds;
};

/// Reads the recipe of a probe, and its embeddings from where they were.
/// @param json_path  NAME.probe.json.
/// @throws IoError, ConfigError  a file is missing or damaged, or the recordings or labels are no
///                               longer those of the probe.
[[nodiscard]] ProbeRecipe read_recipe(const std::filesystem::path& json_path,
                                      const LabelsTable& table);

/// A measure on several splits of the recordings.
struct SplitNoise {
  std::string measure;
  std::vector<double> values;  ///< of each split
  double mean = 0.0;
  double sd = 0.0;
};

/// Tests the probe on other folds of whole groups, as many as it had or 5. C is that of the fit of all
/// recordings, and temperatures are found again.
/// @returns  accuracy, macro_f1 and log_loss
/// @throws ConfigError  as test_folds.
[[nodiscard]] std::vector<SplitNoise> split_noise(const ProbeRecipe& recipe, std::size_t splits);

/// How the mean log loss of the tested recordings changes if some recordings are left out of training:
/// with refits of all folds that train on them, of the same C and temperature. They are tested all the
/// same. Above 0: they help.
struct TrainingInfluence {
  std::vector<double> files;   ///< of each recording
  std::vector<double> groups;  ///< of each group
};

/// @throws ConfigError  as fit_logistic.
[[nodiscard]] TrainingInfluence training_influence(const ProbeRecipe& recipe);

}  // namespace relax_spectro
