#include "render/interaction_panels.hpp"

#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("the numbers of a matrix have two digits, however small the score is") {
  const std::vector<CellGroup> groups{{"a", {}}, {"b", {}}};
  const auto matrix_of = [&](double interaction) {
    PairEffects effects{Array2d<double>(2, 2), {5.0 * interaction, 0.0}};
    effects.interaction(0, 1) = effects.interaction(1, 0) = interaction;
    return render::interaction_matrix(effects, groups);
  };
  const render::Matrix small = matrix_of(-0.0016);
  CHECK(small.texts[0] == std::vector<std::string>{"-8.00"});
  CHECK(small.texts[1] == std::vector<std::string>{"-1.60"});
  CHECK(small.unit == "score (unit 0.001)");
  CHECK(small.scale.high == Approx(1.6));
  const render::Matrix large = matrix_of(1.6);
  CHECK(large.texts[1] == std::vector<std::string>{"+1.60"});
  CHECK(large.unit == "score");
}

TEST_CASE("the notes explain a matrix only where there is one") {
  InteractionResult result;
  const auto last_note = [&](std::size_t parts) {
    result.found.groups.assign(parts, {"part", {}});
    result.found.effects = {Array2d<double>(parts, parts), std::vector<double>(parts)};
    return render::parts_figure(result, {}).notes.back();
  };
  CHECK_THAT(last_note(40), Catch::Contains("On the diagonal"));
  CHECK_THAT(last_note(41), Catch::Contains("too many parts for a matrix"));
}
