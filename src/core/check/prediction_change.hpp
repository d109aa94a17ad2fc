#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "check/map_comparison.hpp"
#include "relax_spectro/occlusion/prediction.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// How what a model hears has changed, over the windows of a recording.
struct PredictionChange {
  std::size_t windows = 0;          ///< that have a best class
  std::size_t changed_windows = 0;  ///< whose best class is another one now
  /// By how much the one best class led the other, in probability: the larger of both results, in
  /// the window where it is largest. 0 where none changed. Note [Ties are not changes]
  Measure lead{0.0, std::nullopt};
  // Of that window:
  double begin_s = 0.0;  ///< centre of its first frame
  double end_s = 0.0;    ///< and of its last
  HeardClass before;     ///< the baseline's best class
  HeardClass now;
  bool is_measured = false;  ///< the score is of the best class: the maps are of different classes

  /// Whether it is more than a tie that fell the other way, or the maps are of different classes.
  [[nodiscard]] bool is_change() const;
};

/// Compares the best classes of two results, window by window. Nothing where a model has no
/// class scores, or where their windows differ.
[[nodiscard]] std::optional<PredictionChange> compare_predictions(const Result& baseline,
                                                                  const Result& current);

/// "dog bark 0.93 → fire crackling 0.41"
[[nodiscard]] std::string classes_text(const PredictionChange& change);

/// The same, with what it means and where it is. @pre change.is_change()
[[nodiscard]] std::string to_string(const PredictionChange& change);

}  // namespace relax_spectro
