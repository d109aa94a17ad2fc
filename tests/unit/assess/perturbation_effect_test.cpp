#include "assess/perturbation_effect.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Decides for these classes of two.
Array2d<double> deciding_for(const std::vector<std::size_t>& classes) {
  Array2d<double> probabilities(classes.size(), 2, 0.2);
  for (std::size_t i = 0; i < classes.size(); ++i) probabilities(i, classes[i]) = 0.8;
  return probabilities;
}

}  // namespace

TEST_CASE("changed decisions and lost accuracy are counted over recordings and copies") {
  Member member{"m", "m.npz", {}, {}};
  member.predictions.labels = {"a", "b"};
  member.predictions.truth = {0, 0, 1, 1, 0, 1};
  member.predictions.groups = {0, 1, 2, 3, 4, 5};
  member.predictions.probabilities = deciding_for({0, 0, 1, 0, 0, 1});  // one is wrong
  member.copies = {{"gain:6dB", 0, deciding_for({0, 0, 1, 0, 0, 1})},
                   {"noise:0dB", 0, deciding_for({1, 0, 1, 1, 0, 1})},   // one lost, one won
                   {"noise:0dB", 1, deciding_for({1, 1, 1, 0, 0, 0})}};  // three lost
  const auto effects = perturbation_effects({member}, 0);
  REQUIRE(effects.size() == 2);
  CHECK(effects[0].perturbation == "gain:6dB");
  CHECK(effects[0].changed == 0.0);
  CHECK(effects[0].changed_interval.high > 0.3);  // six recordings say little
  CHECK(effects[0].loss == 0.0);
  CHECK(effects[0].accuracy == Approx(5.0 / 6.0));
  CHECK(effects[1].copies == 2);
  CHECK(effects[1].changed == Approx(5.0 / 12.0));
  CHECK(effects[1].accuracy == Approx(7.0 / 12.0));
  CHECK(effects[1].loss == Approx(3.0 / 12.0));
  CHECK(effects[1].loss_interval.low < effects[1].loss);
  CHECK(effects[1].loss < effects[1].loss_interval.high);
  CHECK(perturbations_text({}).empty());
}
