#include "relax_spectro/results/result_predictions.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("maps of different classes are told apart by them, those of the same ones are not") {
  const HeardClass dog{0, "dog bark", 0.93};
  const HeardClass fire{9, "fire crackling", 0.41};
  const ResultPredictions one{{{dog, fire}}, true};
  const ResultPredictions other{{{fire, dog}}, true};
  using Texts = std::vector<std::string>;
  CHECK(differing_classes(std::vector{one, other}) ==
        Texts{"dog bark 0.93", "fire crackling 0.41"});
  CHECK(differing_classes(std::vector{one, one}).empty());
  // Of several windows each class is told once, as sure as it is anywhere.
  const ResultPredictions many{{{{0, "dog bark", 0.5}}, {fire}, {dog}}, true};
  CHECK(differing_classes(std::vector{one, many}) ==
        Texts{"dog bark 0.93", "dog bark 0.93, fire crackling 0.41"});
  // A cosine is of no class, whatever the model hears.
  const ResultPredictions cosine{{{fire, dog}}, false};
  CHECK(differing_classes(std::vector{one, cosine}).empty());
}
