#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "probe/folds.hpp"
#include "probe/logistic_fit.hpp"

namespace relax_spectro {

/// How a probe is fitted.
struct ProbeOptions {
  std::optional<double> c;  ///< nothing: chosen by inner folds
  bool standardise = true;
  bool balanced = false;   ///< LogisticOptions::balanced
  bool bootstrap = true;   ///< intervals by report_of
  std::uint64_t seed = 0;  ///< of folds, bootstrap and shuffled labels

  /// The options of a fit with this C.
  [[nodiscard]] LogisticOptions with(double inverse_penalty) const {
    return {inverse_penalty, standardise, balanced};
  }
};

/// A fit, and what inner folds of its own rows chose.
struct ChosenFit {
  LogisticFit fit;
  double c = 1.0;
  double temperature = 1.0;  ///< divides the logits before the softmax
};

/// Fits rows. Three inner folds of whole groups choose C from 1e-4, 1e-3, …, 1e4: the smallest whose
/// mean log loss is within one standard error of the least. The temperature is that of least log
/// loss on the same folds.
/// @throws ConfigError  as fit_logistic and stratified_group_folds.
[[nodiscard]] ChosenFit choose_and_fit(const LabelledRows& rows, const ProbeOptions& options);

/// What a fold's fit says of the rows that it was not trained on.
struct TestedFold {
  Fold fold;
  ChosenFit chosen;
  Array2d<double> logits;  ///< [test row, class]
};

/// Fits and tests each fold.
/// @throws ConfigError  as choose_and_fit. The message names the fold.
[[nodiscard]] std::vector<TestedFold> test_folds(const LabelledRows& rows,
                                                 const std::vector<Fold>& folds,
                                                 const ProbeOptions& options);

/// One of many shuffles.
struct ShuffleId {
  std::uint64_t seed = 0;
  std::uint64_t number = 0;
};

/// The same rows with shuffled classes. Rows of one group and class stay together: such blocks are
/// shuffled, and hand their classes, in turn, to the blocks in order.
///
/// Note [Classes are shuffled within folds]
/// Otherwise a class that is rare in training would be frequent in the test. A fit that has learnt
/// nothing but how frequent classes are would then be right less often than chance.
[[nodiscard]] LabelledRows with_shuffled_classes(LabelledRows rows, const std::vector<Fold>& folds,
                                                 const ShuffleId& id);

}  // namespace relax_spectro
