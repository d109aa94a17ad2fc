#include "relax_spectro/occlusion/score.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

Array2d<float> rows(std::size_t count, std::vector<float> values) {
  Array2d<float> array(count, values.size() / count);
  array.values = std::move(values);
  return array;
}

ModelOutputs embeddings(std::size_t count, std::vector<float> values) {
  return {rows(count, std::move(values)), Array2d<float>(count, 0)};
}

ModelOutputs class_scores(std::size_t count, std::vector<float> values) {
  return {Array2d<float>(count, 0), rows(count, std::move(values))};
}

ModelCard card_with(Activation activation) {
  ModelCard card = test::small_card();
  card.activation = activation;
  card.labels = {"Dog bark", "rain", "sea waves"};
  return card;
}

double value_of(const char* score, Activation activation, std::vector<float> scores) {
  const ModelOutputs outputs = class_scores(1, std::move(scores));
  return Score(parse_score(score), card_with(activation), outputs)(outputs)[0];
}

}  // namespace

TEST_CASE("the cosine of embeddings is that of their angle, whatever their length") {
  const Score score({}, test::small_card(), embeddings(1, {2.0F, 0.0F}));
  const auto scores = score(embeddings(4, {5.0F, 0.0F, 0.0F, 3.0F, -1.0F, 0.0F, 1.0F, 1.0F}));
  REQUIRE(scores.size() == 4);
  CHECK(scores[0] == Approx(1.0));
  CHECK(scores[1] == Approx(0.0).margin(1e-15));
  CHECK(scores[2] == Approx(-1.0));
  CHECK(scores[3] == Approx(std::sqrt(0.5)));
  CHECK_FALSE(score.classes().has_value());
}

TEST_CASE("a zero embedding has cosine 0 with everything") {
  const Score score({}, test::small_card(), embeddings(1, {1.0F, 1.0F}));
  CHECK(score(embeddings(1, {0.0F, 0.0F}))[0] == 0.0);
}

TEST_CASE("dot is the product of embeddings, l2 minus their distance") {
  const ModelOutputs reference = embeddings(1, {3.0F, 4.0F});
  const ModelOutputs masked = embeddings(1, {1.0F, 1.0F});
  CHECK(Score(parse_score("dot"), test::small_card(), reference)(masked)[0] == Approx(7.0));
  CHECK(Score(parse_score("l2"), test::small_card(), reference)(masked)[0] ==
        Approx(-std::sqrt(13.0)));
}

TEST_CASE("a class is measured as its logit, or as its probability by the card's activation") {
  const std::vector<float> logits{1.0F, 3.0F, -2.0F};
  const double sum = std::exp(1.0) + std::exp(3.0) + std::exp(-2.0);
  CHECK(value_of("logit:rain", Activation::softmax, logits) == Approx(3.0));
  CHECK(value_of("prob:rain", Activation::softmax, logits) == Approx(std::exp(3.0) / sum));
  CHECK(value_of("prob:1", Activation::sigmoid, logits) == Approx(1.0 / (1.0 + std::exp(-3.0))));
  CHECK(value_of("prob:2", Activation::none, {0.1F, 0.2F, 0.7F}) == Approx(0.7));
  CHECK(value_of("logit:DOG BARK", Activation::softmax, logits) == Approx(1.0));
  CHECK(value_of("prob:rain", Activation::softmax, {1000.0F, 1000.0F, 0.0F}) == Approx(0.5));
}

TEST_CASE("top is the class that the unmasked input scores highest, and stays it") {
  const Score score(parse_score("top"), card_with(Activation::softmax),
                    class_scores(1, {1.0F, 3.0F, -2.0F}));
  CHECK(score.classes()->index == 1);
  CHECK(score(class_scores(2, {9.0F, 2.0F, 0.0F, 0.0F, -1.0F, 5.0F})) ==
        std::vector<double>{2.0, -1.0});
  const Score probability(parse_score("prob:top"), card_with(Activation::none),
                          class_scores(1, {0.2F, 0.1F, 0.7F}));
  CHECK(probability.classes()->index == 2);
  CHECK(probability(class_scores(1, {0.5F, 0.2F, 0.3F}))[0] == Approx(0.3));
}

TEST_CASE("an unknown class is refused with the nearest labels") {
  const auto measure = [](const char* score) {
    return value_of(score, Activation::softmax, {1.0F, 3.0F, -2.0F});
  };
  CHECK_THROWS_WITH(measure("rian"),
                    Catch::Contains("class 'rian'") && Catch::Contains("the nearest are: rain"));
  CHECK_THROWS_WITH(measure("waves"), Catch::Contains("the nearest are: sea waves"));
  CHECK_THROWS_WITH(measure("3"), Catch::Contains("an index from 0 to 2"));
  CHECK_THROWS_AS(measure("-1"), ConfigError);
  CHECK_THROWS_WITH(measure("cosinus"), Catch::Contains("did you mean 'cosine'?"));
}

TEST_CASE("a class stands for its logit, and two with a minus for their difference") {
  const std::vector<float> logits{1.0F, 3.0F, -2.0F};
  CHECK(value_of("rain", Activation::softmax, logits) == Approx(3.0));
  CHECK(value_of("rain-dog bark", Activation::softmax, logits) == Approx(2.0));
  CHECK(value_of("top-2", Activation::softmax, logits) == Approx(5.0));
  CHECK(value_of("prob:top-2", Activation::none, {0.1F, 0.2F, 0.7F}) == Approx(0.0));
  ModelCard card = card_with(Activation::none);
  card.labels = {"ding-dong", "ding", "dong"};
  const ModelOutputs outputs = class_scores(1, {1.0F, 3.0F, -2.0F});
  CHECK(Score(parse_score("ding-dong"), card, outputs)(outputs)[0] == Approx(1.0));
  card.labels = {"Chicken, rooster", "Goose", "ding-dong"};
  CHECK(Score(parse_score("rooster"), card, outputs)(outputs)[0] == Approx(1.0));
  card.labels = {"ding-dong", "ding", "dong"};
  CHECK(Score(parse_score("ding-ding-dong"), card, outputs)(outputs)[0] == Approx(2.0));
}

TEST_CASE("of labels that differ in case, the one that is written counts") {
  ModelCard card = card_with(Activation::softmax);
  card.labels = {"rain", "RAIN", "wind"};
  const ModelOutputs outputs = class_scores(1, {1.0F, 2.0F, 3.0F});
  CHECK(Score(parse_score("RAIN"), card, outputs)(outputs)[0] == 2.0);
  CHECK(Score(parse_score("rain"), card, outputs)(outputs)[0] == 1.0);
  CHECK(Score(parse_score("Wind"), card, outputs)(outputs)[0] == 3.0);
}

TEST_CASE("several scores stand between commas, and all stands for each class") {
  const auto texts = [](std::span<const ScoreSpec> scores) {
    std::vector<std::string> list;
    for (const ScoreSpec& score : scores) list.push_back(to_string(score));
    return list;
  };
  using Texts = std::vector<std::string>;
  CHECK(texts(parse_scores("cosine,Vehicle horn, car horn,prob:3")) ==
        Texts{"cosine", "logit:Vehicle horn, car horn", "prob:3"});
  CHECK_THROWS_WITH(parse_scores("cosine,"), Catch::Contains("an empty place"));
  CHECK_THROWS_WITH(parse_scores("top,cosine,logit:top"), Catch::Contains("lists top twice"));
  ModelCard card = card_with(Activation::softmax);
  card.labels = {"rain", "dog bark", "Rain"};
  CHECK(texts(expanded_scores(parse_scores("dog bark,all"), card)) ==
        Texts{"logit:dog bark", "logit:rain", "logit:2"});
  card.labels.clear();
  CHECK_THROWS_WITH(expanded_scores(parse_scores("all"), card),
                    Catch::Contains("needs the model's labels"));
}

TEST_CASE("scores are written as they are read, and others are refused") {
  for (const char* name :
       {"cosine", "dot", "l2", "logit:rain", "prob:3", "prob:top", "top", "all", "prob:all"}) {
    CHECK(to_string(parse_score(name)) == name);
  }
  CHECK_THROWS_WITH(parse_score("logits:rain"), Catch::Contains("did you mean 'logit'?"));
  CHECK_THROWS_WITH(parse_score("logit"), Catch::Contains("expected a class behind a colon"));
  CHECK_THROWS_WITH(parse_score("cosine:3"), Catch::Contains("takes no class"));
}

TEST_CASE("a model without what the score measures, or of another size, is refused") {
  const ModelOutputs no_classes = embeddings(1, {1.0F});
  CHECK_THROWS_WITH(Score(parse_score("top"), test::small_card(), no_classes),
                    Catch::Contains("outputs.class_scores"));
  CHECK_THROWS_WITH(Score({}, test::small_card(), class_scores(1, {1.0F})),
                    Catch::Contains("outputs.embedding"));
  const Score score({}, test::small_card(), no_classes);
  CHECK_THROWS_AS(score(embeddings(1, {1.0F, 2.0F})), ModelError);
}
