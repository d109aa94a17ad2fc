#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <span>

#include "relax_spectro/results/result.hpp"

namespace relax_spectro {
namespace {

/// The best classes of each window, in order of first appearance, each with its largest
/// probability. @param most  for each window.
std::vector<HeardClass> best_classes(const Explanation& explanation, std::size_t most) {
  std::vector<HeardClass> classes;
  for (const WindowSummary& window : explanation.windows) {
    for (const HeardClass& heard :
         std::span(window.heard).first(std::min(most, window.heard.size()))) {
      const auto found = std::ranges::find_if(
          classes, [&heard](const HeardClass& one) { return one.is_class(heard); });
      if (found == classes.end()) {
        classes.push_back(heard);
      } else {
        found->probability = std::max(found->probability, heard.probability);
      }
    }
  }
  return classes;
}

bool same_classes(const std::vector<HeardClass>& a, const std::vector<HeardClass>& b) {
  return std::ranges::equal(
      a, b, [](const HeardClass& one, const HeardClass& other) { return one.is_class(other); });
}

}  // namespace

std::optional<std::string> measured_class(const ModelCard& card, const WindowSummary& window) {
  if (!window.class_index) return std::nullopt;
  const auto name_of = [&labels = card.labels](std::size_t index) {
    return class_name({index, index < labels.size() ? labels[index] : "", {}});
  };
  const std::string name = name_of(*window.class_index);
  return window.minus_class ? fmt::format("{} - {}", name, name_of(*window.minus_class)) : name;
}

std::vector<HeardClass> heard_in_recording(const Explanation& explanation) {
  constexpr std::size_t kMostClasses = 3;
  std::vector<HeardClass> classes = best_classes(explanation, kMostClasses);
  std::ranges::stable_sort(classes, std::ranges::greater(), &HeardClass::probability);
  classes.resize(std::min(kMostClasses, classes.size()));
  return classes;
}

std::string heard_text(const Explanation& explanation) {
  const std::vector<HeardClass> classes = heard_in_recording(explanation);
  return classes.empty() ? "" : "heard " + to_string(classes);
}

std::vector<std::string> differing_classes(std::span<const Result> results) {
  std::vector<std::string> texts;
  bool differ = false;
  for (const Result& result : results) {
    if (!result.options.score.is_of_top_class()) return {};
    const std::vector<HeardClass> classes = best_classes(result.explanation, 1);
    differ = differ || !same_classes(classes, best_classes(results.front().explanation, 1));
    texts.push_back(to_string(classes));
  }
  return differ ? texts : std::vector<std::string>();
}

}  // namespace relax_spectro
