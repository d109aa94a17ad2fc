#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// What one model says of a changed copy of each recording.
struct CopyProbabilities {
  std::string perturbation;  ///< "gain:-6dB"
  std::size_t copy = 0;
  Array2d<double> probabilities;  ///< [recording, class]
};

/// What one model says of recordings.
struct ClassProbabilities {
  std::vector<std::string> files;              ///< of the recordings, as the model was given them
  std::vector<std::string> labels;             ///< of the classes
  Array2d<double> probabilities;               ///< [recording, class]
  Array2d<double> raw;                         ///< the same, before temperature scaling
  std::vector<CopyProbabilities> copies = {};  ///< only of `embed --perturb`
  std::vector<std::string> warnings = {};      ///< of the file, or of what its model was trained on
};

/// Reads the probabilities of classes from
///
/// * what `probe` wrote (NAME.probe.json or NAME.probe.npz): of recordings that the fit has not seen;
/// * what `embed` wrote (NAME.npz or NAME.json): the softmax of a recording's mean class scores, over
///   `labels`. Other classes of the model are left out;
/// * a CSV of another tool, with a column of recordings and one for each class. Rows must sum to 1
///   within 0.02, and are then divided by their sum.
/// @param labels  the labels that recordings have.
/// @throws IoError, ConfigError  the file is missing, damaged or of another kind, or `embed`'s
///                               classes lack one of the labels.
[[nodiscard]] ClassProbabilities read_class_probabilities(const std::filesystem::path& path,
                                                          const std::vector<std::string>& labels);

}  // namespace relax_spectro
