#include "relax_spectro/score.hpp"

#include <cmath>

#include "relax_spectro/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

ModelOutputs embeddings(std::size_t rows, std::vector<float> values) {
  ModelOutputs outputs;
  outputs.embedding = Array2d<float>(rows, values.size() / rows);
  outputs.embedding.values = std::move(values);
  return outputs;
}

}  // namespace

TEST_CASE("the cosine of embeddings is that of their angle, whatever their length") {
  const Score score(ScoreKind::cosine, embeddings(1, {2.0F, 0.0F}));
  const auto scores = score(embeddings(4, {5.0F, 0.0F, 0.0F, 3.0F, -1.0F, 0.0F, 1.0F, 1.0F}));
  REQUIRE(scores.size() == 4);
  CHECK(scores[0] == Approx(1.0));
  CHECK(scores[1] == Approx(0.0).margin(1e-15));
  CHECK(scores[2] == Approx(-1.0));
  CHECK(scores[3] == Approx(std::sqrt(0.5)));
}

TEST_CASE("a zero embedding has cosine 0 with everything") {
  const Score score(ScoreKind::cosine, embeddings(1, {1.0F, 1.0F}));
  CHECK(score(embeddings(1, {0.0F, 0.0F}))[0] == 0.0);
}

TEST_CASE("a cosine needs an embedding, and an unknown score lists those there are") {
  ModelOutputs outputs;
  outputs.embedding = Array2d<float>(1, 0);
  CHECK_THROWS_AS(Score(ScoreKind::cosine, outputs), ConfigError);
  CHECK_THROWS_WITH(parse_score("cosinus"), "score 'cosinus' is not known; it is one of: cosine");
}
