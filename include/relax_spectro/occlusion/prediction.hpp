#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

/// A class that a model hears.
struct HeardClass {
  std::size_t index = 0;
  std::string label;                  ///< empty: the model's card has none
  std::optional<double> probability;  ///< by the card's activation; nothing: not known

  /// Whether both are one class: by their labels, or, where one has none, by their indices.
  [[nodiscard]] bool is_class(const HeardClass& other) const;
};

/// "dog bark 0.93"; "class 3 0.93" without a label, "dog bark" without a probability.
[[nodiscard]] std::string to_string(const HeardClass& heard);

/// The probability of a class, 0 to 1, by a card's activation.
/// @param class_scores  of one window, as the network gives them.
/// @pre  index < class_scores.size()
[[nodiscard]] double class_probability(Activation activation, std::span<const float> class_scores,
                                       std::size_t index);

/// The three classes that the first row of outputs scores highest, or fewer where the model has
/// fewer, the best first; of equal ones the first. None where it has no class scores.
[[nodiscard]] std::vector<HeardClass> heard_classes(const ModelOutputs& outputs,
                                                    const ModelCard& card);

}  // namespace relax_spectro
