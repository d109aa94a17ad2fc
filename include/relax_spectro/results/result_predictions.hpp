#pragma once

#include <span>
#include <string>
#include <vector>

#include "relax_spectro/occlusion/prediction.hpp"

namespace relax_spectro {

/// What the model of a result heard of the recording.
struct ResultPredictions {
  /// For each window, the best class first. None where the model has no class scores, or where the
  /// result does not say, as older ones do not.
  std::vector<std::vector<HeardClass>> windows;
  /// Whether the score is of each window's best class: then its map is a map of that class.
  bool are_measured = false;
};

/// The classes that the maps of several results are of, in words, a text for each result. Of one
/// result each best class of a window counts, with its largest probability. Nothing where the
/// classes are the same in all, or where a map is not of best classes.
[[nodiscard]] std::vector<std::string> differing_classes(
    std::span<const ResultPredictions> predictions);

}  // namespace relax_spectro
