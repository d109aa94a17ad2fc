#include "interactions/other_model.hpp"

#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// The mean of three parts' differences in as many groups of recordings. Parts 0 and 2 differ by 1
/// on average, others by an effect that changes its sign from recording to recording.
MeanEffects differences(std::size_t groups, double effect) {
  std::vector<LabelledEffects> recordings;
  for (std::size_t i = 0; i < groups; ++i) {
    const double sign = i % 2 == 0 ? 1.0 : -1.0;
    PairEffects effects{Array2d<double>(3, 3), std::vector<double>(3)};
    effects.interaction(0, 2) = effects.interaction(2, 0) = effect + 0.1 * sign;
    effects.interaction(0, 1) = effects.interaction(1, 0) = 0.2 * sign * static_cast<double>(i + 1);
    recordings.push_back({"", std::to_string(i), effects});
  }
  return effects_by_label(recordings).front();
}

}  // namespace

TEST_CASE("a sentence says where two models differ, and whether it can be chance") {
  const std::vector<CellGroup> groups{{"low", {}}, {"middle", {}}, {"high", {}}};
  const auto said = [&](std::size_t count, double effect) {
    return verdict_of_difference(differences(count, effect), groups);
  };
  CHECK(said(6, 1.0) ==
        "low and high are needed together more than by the other model (+1, p 0.031, 6 groups of "
        "recordings).");
  CHECK_THAT(said(6, -1.0), Catch::Contains("are needed together less than"));
  CHECK(said(6, 0.0) == "No pair differs beyond chance (smallest p 0.91, 6 groups of recordings).");
  CHECK(said(4, 1.0) ==
        "low and high differ most (+1). Chance is not ruled out: the smallest p 0.12 is possible "
        "with 4 groups of recordings. Give 6 or more.");
  CHECK_THAT(said(1, 1.0), Catch::Contains("smallest p 1 is possible with 1 group of recordings"));
}

TEST_CASE("results of two models are compared only where their parts are the same sound") {
  InteractionResult here;
  here.found.groups = {{"", {0.0, 1.0, 0.0, 1000.0}}, {"", {0.0, 1.0, 1000.0, 2000.0}}};
  InteractionResult there = here;
  const auto compare = [&] { require_comparable(here, here.found.groups, there, "there.json"); };
  there.found.groups[1].box.high_hz = 2050.0;
  CHECK_NOTHROW(compare());
  there.found.groups[1].box.high_hz = 2150.0;
  CHECK_THROWS_WITH(compare(), Catch::Contains("there.json: part 1 is 1000–2150 Hz"));
  there = here;
  there.options.context = PairContext::whole;
  CHECK_THROWS_WITH(compare(), Catch::Contains("--context is whole, here average"));
  there = here;
  there.provenance.input.sha256 = "ab";
  CHECK_THROWS_AS(compare(), ConfigError);
}
