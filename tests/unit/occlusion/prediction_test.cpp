#include "relax_spectro/occlusion/prediction.hpp"

#include <cmath>
#include <vector>

#include "support/analytic_models.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

ModelCard labelled_card(Activation activation) {
  ModelCard card = test::small_card();
  card.activation = activation;
  card.labels = {"dog bark", "rain", "sea waves"};
  return card;
}

}  // namespace

TEST_CASE("a temperature divides class scores before the activation, and keeps their order") {
  ModelCard card = labelled_card(GENERATE(Activation::softmax, Activation::sigmoid));
  const auto plain = heard_classes(std::vector{0.5F, 1.5F, -0.5F}, card);
  card.temperature = 2.0;
  const auto twice = heard_classes(std::vector{1.0F, 3.0F, -1.0F}, card);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CHECK(twice[i].index == plain[i].index);
    CHECK(twice[i].probability.value() == Approx(plain[i].probability.value()));
  }
}

TEST_CASE("what a model hears is its best classes, with probabilities by the card's activation") {
  const double odds = std::exp(1.0) + std::exp(3.0) + std::exp(2.0) + std::exp(-1.0);
  const auto [activation, best, second] = GENERATE_COPY(table<Activation, double, double>(
      {{Activation::softmax, std::exp(3.0) / odds, std::exp(2.0) / odds},
       {Activation::sigmoid, 1.0 / (1.0 + std::exp(-3.0)), 1.0 / (1.0 + std::exp(-2.0))},
       {Activation::none, 3.0, 2.0}}));
  const auto heard = heard_classes(std::vector{1.0F, 3.0F, -1.0F, 2.0F}, labelled_card(activation));
  REQUIRE(heard.size() == 3);
  CHECK(heard[0].index == 1);
  CHECK(heard[0].label == "rain");
  CHECK(*heard[0].probability == Approx(best));
  CHECK(heard[1].index == 3);
  CHECK(heard[1].label.empty());  // the card has three labels
  CHECK(*heard[1].probability == Approx(second));
  CHECK(heard[2].index == 0);
}

TEST_CASE("of equal classes the first is heard, and a model without classes hears nothing") {
  const ModelCard card = labelled_card(Activation::softmax);
  const auto heard = heard_classes(std::vector{0.5F, 0.5F}, card);
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].index == 0);
  CHECK(*heard[0].probability == 0.5);
  CHECK(heard_classes({}, card).empty());
}

TEST_CASE("a class is told by its label, or by its index where it has none") {
  CHECK(to_string(HeardClass{3, "dog bark", 0.934}) == "dog bark 0.93");
  CHECK(to_string(HeardClass{3, "", 0.934}) == "class 3 0.93");
  CHECK(to_string(HeardClass{3, "dog bark", {}}) == "dog bark");
  CHECK(HeardClass{3, "dog bark", {}}.is_class({1, "dog bark", {}}));
  CHECK_FALSE(HeardClass{3, "dog bark", {}}.is_class({3, "rain", {}}));
  CHECK(HeardClass{3, "dog bark", {}}.is_class({3, "", {}}));
}
