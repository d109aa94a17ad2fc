#include "interactions/label_effects.hpp"

#include <random>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Recordings of four parts, two in each group. Parts 0 and 1 of label "a" interact.
std::vector<LabelledEffects> recordings(std::size_t of_label, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> noise;
  std::vector<LabelledEffects> all;
  for (const std::string label : {"a", "b"}) {
    for (std::size_t i = 0; i < of_label; ++i) {
      PairEffects effects{Array2d<double>(4, 4), std::vector<double>(4, 1.0)};
      for (std::size_t k = 0; k < 4; ++k) {
        for (std::size_t l = k + 1; l < 4; ++l) {
          effects.interaction(k, l) = effects.interaction(l, k) = noise(generator);
        }
      }
      if (label == "a") effects.interaction(0, 1) += 4.0;
      all.push_back({label, label + std::to_string(i / 2), effects});
    }
  }
  return all;
}

}  // namespace

TEST_CASE("interactions of labels have means, intervals and p over groups") {
  const std::vector<MeanEffects> means = effects_by_label(recordings(24, 1));
  REQUIRE(means.size() == 3);
  const MeanEffects& a = means[0];
  CHECK(a.label == "a");
  CHECK(a.recordings == 24);
  CHECK(a.groups == 12);
  CHECK(a.effects.interaction(0, 1) == Approx(4.0).margin(1.0));
  CHECK((*a.low)(0, 1) > 2.0);
  CHECK((*a.high)(0, 1) < 6.0);
  CHECK((*a.effects.p_adjusted)(0, 1) < 0.01);
  CHECK((*a.effects.p_adjusted)(2, 3) > 0.05);
  CHECK(a.effects.main == std::vector<double>(4, 1.0));
  CHECK((*means[1].effects.p_adjusted)(0, 1) > 0.05);
  CHECK(means[2].label == "a - b");
  CHECK((*means[2].effects.p_adjusted)(0, 1) < 0.01);
  CHECK((*means[2].effects.p_adjusted)(1, 2) > 0.05);
}

TEST_CASE("few groups have no interval") {
  const std::vector<MeanEffects> means = effects_by_label(recordings(2, 1));
  CHECK_FALSE(means[0].low);
  CHECK_FALSE(means[0].effects.p_adjusted);
  CHECK_FALSE(means[2].effects.p_adjusted);
}
