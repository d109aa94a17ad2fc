#include "relax_spectro/results/result_predictions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace relax_spectro {
namespace {

/// Each best class, in the order of the windows.
std::vector<HeardClass> best_classes(const ResultPredictions& predictions) {
  std::vector<HeardClass> classes;
  for (const std::vector<HeardClass>& heard : predictions.windows) {
    if (heard.empty()) continue;
    const auto found = std::ranges::find_if(
        classes, [&heard](const HeardClass& one) { return one.is_class(heard.front()); });
    if (found == classes.end()) {
      classes.push_back(heard.front());
    } else {
      found->probability = std::max(found->probability, heard.front().probability);
    }
  }
  return classes;
}

bool same_classes(const std::vector<HeardClass>& a, const std::vector<HeardClass>& b) {
  return std::ranges::equal(
      a, b, [](const HeardClass& one, const HeardClass& other) { return one.is_class(other); });
}

}  // namespace

std::vector<std::string> differing_classes(std::span<const ResultPredictions> predictions) {
  if (!std::ranges::all_of(predictions, &ResultPredictions::are_measured)) return {};
  std::vector<std::string> texts;
  bool differ = false;
  for (const ResultPredictions& result : predictions) {
    const std::vector<HeardClass> classes = best_classes(result);
    differ = differ || !same_classes(classes, best_classes(predictions.front()));
    std::vector<std::string> names;
    for (const HeardClass& one : classes) names.push_back(to_string(one));
    texts.push_back(fmt::format("{}", fmt::join(names, ", ")));
  }
  return differ ? texts : std::vector<std::string>();
}

}  // namespace relax_spectro
