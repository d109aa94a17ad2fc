#include "assess/suspects.hpp"

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("a suspect is unlike its label and more like another") {
  Predictions predictions;
  predictions.labels = {"owl", "tit"};
  predictions.truth = {0, 0, 0, 1, 1, 1, 1};
  predictions.groups = {0, 1, 2, 3, 4, 5, 6};
  predictions.probabilities = Array2d<double>(7, 2);
  const std::vector<double> owl{0.9, 0.8, 0.1, 0.6, 0.7, 0.9, 0.4};
  for (std::size_t i = 0; i < owl.size(); ++i) {
    predictions.probabilities(i, 0) = owl[i];
    predictions.probabilities(i, 1) = 1.0 - owl[i];
  }
  predictions.raw_probabilities = predictions.probabilities;
  // The means are 0.6 for owls and 0.35 for tits. File 3 is a tit as probably as the mean tit, and
  // file 6 is decided for its label.
  const std::vector<Suspect> suspects = suspects_of(predictions);
  REQUIRE(suspects.size() == 3);
  CHECK(suspects[0].row == 2);
  CHECK(suspects[0].other == 1);
  CHECK(suspects[0].given_mean == Approx(0.6));
  CHECK(suspects[1].row == 5);
  CHECK(suspects[1].given_mean == Approx(0.35));
  CHECK(suspects[2].row == 4);
}
