#include "relax_spectro/occlusion/prediction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace relax_spectro {
namespace {

double softmax_at(std::span<const float> logits, double temperature, std::size_t index) {
  const auto largest = static_cast<double>(*std::ranges::max_element(logits));
  const auto odds = [&](float logit) {
    return std::exp((static_cast<double>(logit) - largest) / temperature);
  };
  double sum = 0.0;
  for (const float logit : logits) sum += odds(logit);
  return odds(logits[index]) / sum;
}

}  // namespace

bool HeardClass::is_class(const HeardClass& other) const {
  return label.empty() || other.label.empty() ? index == other.index : label == other.label;
}

std::string class_name(const HeardClass& heard) {
  return heard.label.empty() ? fmt::format("class {}", heard.index) : heard.label;
}

std::string to_string(const HeardClass& heard) {
  std::string name = class_name(heard);
  if (name.find(',') != std::string::npos) name = fmt::format("\"{}\"", name);
  return heard.probability ? fmt::format("{} {:.2f}", name, *heard.probability) : name;
}

std::string to_string(std::span<const HeardClass> heard) {
  std::string text;
  for (const HeardClass& one : heard) text += (text.empty() ? "" : ", ") + to_string(one);
  return text;
}

double class_probability(Activation activation, double temperature,
                         std::span<const float> class_scores, std::size_t index) {
  const auto value = static_cast<double>(class_scores[index]);
  if (activation == Activation::none) return value;
  if (activation == Activation::sigmoid) return 1.0 / (1.0 + std::exp(-value / temperature));
  return softmax_at(class_scores, temperature, index);
}

std::vector<HeardClass> heard_classes(std::span<const float> class_scores, const ModelCard& card) {
  constexpr std::size_t kMostClasses = 3;
  std::vector<std::size_t> order(class_scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>(),
                           [class_scores](std::size_t i) { return class_scores[i]; });
  std::vector<HeardClass> heard;
  for (std::size_t i = 0; i < std::min(kMostClasses, order.size()); ++i) {
    heard.push_back({order[i], order[i] < card.labels.size() ? card.labels[order[i]] : "",
                     class_probability(card.activation, card.temperature, class_scores, order[i])});
  }
  return heard;
}

}  // namespace relax_spectro
