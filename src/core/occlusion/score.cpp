#include "relax_spectro/occlusion/score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/enum_names.hpp"
#include "base/nearest.hpp"
#include "base/require.hpp"
#include "base/text.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/occlusion/prediction.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kScores{
    "score",
    std::array{std::pair{ScoreKind::cosine, "cosine"sv}, std::pair{ScoreKind::dot, "dot"sv},
               std::pair{ScoreKind::l2, "l2"sv}, std::pair{ScoreKind::logit, "logit"sv},
               std::pair{ScoreKind::probability, "prob"sv}}};

constexpr std::string_view kTopScore = "top";  // alias of logit:top

// As in common libraries, a zero vector has cosine 0 with every vector.
constexpr double kCosineEpsilon = 1e-8;

bool needs_class(ScoreKind kind) {
  return kind == ScoreKind::logit || kind == ScoreKind::probability;
}

std::vector<std::string> nearest_labels(const std::string& name,
                                        const std::vector<std::string>& labels) {
  constexpr std::size_t kShown = 5;
  const auto distance = [wanted = core::lower_case(name)](const std::string& label) {
    const std::string lower = core::lower_case(label);
    // A label that contains the whole name is nearer than any misspelling.
    return lower.find(wanted) != std::string::npos ? 0 : edit_distance(wanted, label);
  };
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const std::string& label : labels) ranked.emplace_back(distance(label), label);
  std::ranges::stable_sort(ranked, {}, [](const auto& item) { return item.first; });
  std::vector<std::string> nearest;
  for (const auto& [_, label] : ranked) {
    if (nearest.size() < kShown) nearest.push_back(label);
  }
  return nearest;
}

double norm(std::span<const double> vector) {
  return std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0));
}

}  // namespace

ScoreSpec parse_score(std::string_view text) {
  if (text == kTopScore) return {ScoreKind::logit, std::string(kTopScore)};
  const std::size_t colon = text.find(':');
  ScoreSpec spec{kScores.parse(text.substr(0, colon), kTopScore), {}};
  if (colon != std::string_view::npos) spec.class_name = text.substr(colon + 1);
  if (needs_class(spec.kind) && spec.class_name.empty()) {
    throw ConfigError(
        fmt::format("score '{}': expected a class behind a colon, such as {}:0 or {}:rain", text,
                    text.substr(0, colon), text.substr(0, colon)));
  }
  if (!needs_class(spec.kind) && colon != std::string_view::npos) {
    throw ConfigError(fmt::format("score '{}': {} takes no class", text, text.substr(0, colon)));
  }
  return spec;
}

std::string to_string(const ScoreSpec& spec) {
  if (spec.kind == ScoreKind::logit && spec.is_of_top_class()) return std::string(kTopScore);
  const std::string_view name = kScores.name_of(spec.kind);
  return needs_class(spec.kind) ? fmt::format("{}:{}", name, spec.class_name) : std::string(name);
}

std::size_t find_class(const std::string& name, const ModelCard& card, std::size_t class_count) {
  for (std::size_t i = 0; i < card.labels.size(); ++i) {
    if (core::lower_case(card.labels[i]) == core::lower_case(name)) return i;
  }
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error == std::errc() && end == name.data() + name.size() && index < class_count) return index;
  throw ConfigError(fmt::format(
      "class '{}' is not one of the model's {}: expected an index from 0 to {}{}", name,
      class_count, class_count - 1,
      card.labels.empty() ? " (its card has no labels)"
                          : fmt::format(", or a label; the nearest are: {}",
                                        fmt::join(nearest_labels(name, card.labels), ", "))));
}

Score::Score(const ScoreSpec& spec, const ModelCard& card, const ModelOutputs& reference)
    : kind_(spec.kind), activation_(card.activation) {
  const bool embeddings = spec.compares_embeddings();
  const Array2d<float>& outputs = embeddings ? reference.embedding : reference.class_scores;
  if (outputs.rows == 0 || outputs.columns == 0) {
    throw ConfigError(fmt::format(
        "the score {} measures {}, but the model's card names none; use --score {}, or add outputs.{} "
        "to the card",
        to_string(spec), embeddings ? "embeddings" : "class scores", embeddings ? "top" : "cosine",
        embeddings ? "embedding" : "class_scores"));
  }
  const std::span<const float> row = outputs.row(0);
  reference_.assign(row.begin(), row.end());
  reference_norm_ = norm(reference_);
  if (!needs_class(kind_)) return;
  class_index_ = spec.class_index;
  if (class_index_) {
    core::require(*class_index_ < row.size(), fmt::format("class {} is asked for; the model has {}",
                                                          *class_index_, row.size()));
    return;
  }
  class_index_ = spec.is_of_top_class()
                     ? static_cast<std::size_t>(std::ranges::max_element(row) - row.begin())
                     : find_class(spec.class_name, card, row.size());
}

double Score::compare(std::span<const float> row) const {
  const std::vector<double> embedding(row.begin(), row.end());
  if (kind_ == ScoreKind::l2) {
    double squares = 0.0;
    for (std::size_t i = 0; i < embedding.size(); ++i) {
      squares += std::pow(embedding[i] - reference_[i], 2);
    }
    return -std::sqrt(squares);
  }
  const double dot =
      std::inner_product(embedding.begin(), embedding.end(), reference_.begin(), 0.0);
  if (kind_ == ScoreKind::dot) return dot;
  return dot / std::max(norm(embedding) * reference_norm_, kCosineEpsilon);
}

double Score::class_value(std::span<const float> class_scores) const {
  return class_probability(kind_ == ScoreKind::probability ? activation_ : Activation::none,
                           class_scores, *class_index_);
}

std::vector<double> Score::operator()(const ModelOutputs& outputs) const {
  const Array2d<float>& rows = class_index_ ? outputs.class_scores : outputs.embedding;
  if (rows.columns != reference_.size()) {
    throw ModelError(
        fmt::format("the model gives {} numbers for a masked window, {} for the reference; "
                    "expected the same number",
                    rows.columns, reference_.size()));
  }
  std::vector<double> scores(rows.rows);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    scores[i] = class_index_ ? class_value(rows.row(i)) : compare(rows.row(i));
  }
  return scores;
}

}  // namespace relax_spectro
