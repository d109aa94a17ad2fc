#include "assess/suspects.hpp"

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("a suspect is unlike its label and like another") {
  Predictions predictions;
  predictions.labels = {"owl", "tit"};
  predictions.truth = {0, 0, 0, 1, 1, 1};
  predictions.groups = {0, 1, 2, 3, 4, 5};
  predictions.probabilities = Array2d<double>(6, 2);
  const std::vector<double> owl{0.9, 0.8, 0.1, 0.2, 0.3, 0.7};
  for (std::size_t i = 0; i < 6; ++i) {
    predictions.probabilities(i, 0) = owl[i];
    predictions.probabilities(i, 1) = 1.0 - owl[i];
  }
  predictions.raw_probabilities = predictions.probabilities;
  // The means are 0.6 for owls and 0.6 for tits. File 3 and 4 are likely tits.
  const std::vector<Suspect> suspects = suspects_of(predictions);
  REQUIRE(suspects.size() == 2);
  CHECK(suspects[0].row == 2);
  CHECK(suspects[0].other == 1);
  CHECK(suspects[0].given_mean == Approx(0.6));
  CHECK(suspects[0].other_mean == Approx(0.6));
  CHECK(suspects[1].row == 5);
}
