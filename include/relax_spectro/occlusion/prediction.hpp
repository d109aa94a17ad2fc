#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

/// A class that a model detects.
struct HeardClass {
  std::size_t index = 0;
  std::string label;                  ///< empty: the model's card has no labels
  std::optional<double> probability;  ///< by the card's activation; nothing: unknown

  /// Whether both are the same class. Compares labels, or indices if a label is missing.
  [[nodiscard]] bool is_class(const HeardClass& other) const;
};

/// Its label, or "class 3" without one.
[[nodiscard]] std::string class_name(const HeardClass& heard);
/// "dog bark 0.93"; "class 3 0.93" without a label, "dog bark" without a probability. A label with
/// a comma stands in quotes.
[[nodiscard]] std::string to_string(const HeardClass& heard);
/// The classes between commas.
[[nodiscard]] std::string to_string(std::span<const HeardClass> heard);

/// The probability of a class, 0 to 1, from the card's activation and temperature.
/// @param class_scores  of one window, as the network returns them.
/// @pre  index < class_scores.size()
[[nodiscard]] double class_probability(Activation activation, double temperature,
                                       std::span<const float> class_scores, std::size_t index);

/// The three classes with the highest scores of a window, best first. There are
/// fewer if the model has fewer classes, and none if it has no class scores. Ties go to the lower
/// index.
[[nodiscard]] std::vector<HeardClass> heard_classes(std::span<const float> class_scores,
                                                    const ModelCard& card);

}  // namespace relax_spectro
