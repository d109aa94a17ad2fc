#include "relax_spectro/score.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "enum_names.hpp"
#include "relax_spectro/error.hpp"

namespace relax_spectro {
namespace {

constexpr core::EnumNames kScores{
    "score", std::array{std::pair{ScoreKind::cosine, std::string_view("cosine")}}};

// As in the common libraries: a zero vector has cosine 0 with everything.
constexpr double kCosineEpsilon = 1e-8;

double norm(std::span<const double> vector) {
  return std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0));
}

}  // namespace

ScoreKind parse_score(std::string_view name) { return kScores.parse(name); }
std::string_view to_string(ScoreKind kind) { return kScores.name_of(kind); }

Score::Score(ScoreKind kind, const ModelOutputs& reference) {
  if (reference.embedding.columns == 0 || reference.embedding.rows == 0) {
    throw ConfigError(
        fmt::format("the score {} compares embeddings, but the model's card names none; add "
                    "outputs.embedding to the card",
                    to_string(kind)));
  }
  const std::span<const float> row = reference.embedding.row(0);
  reference_.assign(row.begin(), row.end());
  reference_norm_ = norm(reference_);
}

std::vector<double> Score::operator()(const ModelOutputs& outputs) const {
  if (outputs.embedding.columns != reference_.size()) {
    throw ModelError(
        fmt::format("the embedding of masked windows has {} numbers, that of the "
                    "unmasked window {}; expected as many",
                    outputs.embedding.columns, reference_.size()));
  }
  std::vector<double> scores(outputs.embedding.rows);
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::span<const float> row = outputs.embedding.row(i);
    const std::vector<double> embedding(row.begin(), row.end());
    const double dot =
        std::inner_product(embedding.begin(), embedding.end(), reference_.begin(), 0.0);
    scores[i] = dot / std::max(norm(embedding) * reference_norm_, kCosineEpsilon);
  }
  return scores;
}

}  // namespace relax_spectro
