#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "check/map_comparison.hpp"
#include "relax_spectro/occlusion/prediction.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// How a model's best classes have changed, over the windows of a recording.
struct PredictionChange {
  std::size_t windows = 0;          ///< with a best class
  std::size_t changed_windows = 0;  ///< with a different best class now
  /// The lead of a best class over the other result's best class, in probability. It is the larger
  /// of both results, in the window where it is largest; 0 if no class changed. See Note [Ties are
  /// not changes].
  CheckedNumber lead{0.0, std::nullopt};
  // For that window:
  double begin_s = 0.0;  ///< centre of its first frame
  double end_s = 0.0;    ///< centre of its last frame
  HeardClass before;     ///< the baseline's best class
  HeardClass now;
  bool is_measured = false;  ///< the score is for the best class, so the maps are of different
                             ///< classes

  /// Whether this is more than a tie, or the maps are of different classes.
  [[nodiscard]] bool is_change() const;
};

/// Compares the best classes of two results, window by window. Nothing if a model has no class
/// scores, or if the windows differ.
[[nodiscard]] std::optional<PredictionChange> compare_predictions(const Result& baseline,
                                                                  const Result& current);

/// "dog bark 0.93 → fire crackling 0.41"
[[nodiscard]] std::string classes_text(const PredictionChange& change);

/// The same with an explanation and the place. @pre change.is_change()
[[nodiscard]] std::string to_string(const PredictionChange& change);

}  // namespace relax_spectro
