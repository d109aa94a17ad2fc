#include "render/sanity_figure.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// A shuffle with this remaining part of the map. 1e-9 is the rounding error of its score.
WholeShuffle shuffle(double stays, bool reacts = true) {
  WholeShuffle shuffle;
  shuffle.map.layers = 7;
  shuffle.map.contrast = Array2d<double>(2, 3, 1e-9);
  shuffle.map.reacts = reacts;
  if (reacts) shuffle.map.to_model = {0.75, stays};
  shuffle.seeds.spearman = 1.0;
  return shuffle;
}

SanityCheck check_of(std::vector<WholeShuffle> shuffles) {
  SanityCheck check;
  check.reacts = true;
  check.seeds.spearman = 1.0;
  check.model[0] = Array2d<double>(2, 3, 0.5);
  check.shuffles = std::move(shuffles);
  return check;
}

}  // namespace

TEST_CASE("the figure of a sanity check says the numbers of its verdict", "[sanity_figure]") {
  const Figure figure = sanity_figure(
      check_of({shuffle(0.25), shuffle(0.5), shuffle(0.3), shuffle(0.0, false)}), 10, "dog.wav");
  CHECK(figure.subtitle.starts_with("passes: 0.35 of the map is left"));
  CHECK(figure.subtitle.ends_with("0.25 0.50 0.30; set aside: 1 with a constant score"));
  REQUIRE(figure.panels.size() == 5);
  CHECK(figure.panels[2].title ==
        "All 7 layers shuffled, seed 11: "
        "0.50 of the map stays (correlation of ranks 0.50, of values 0.75)");
  CHECK(figure.panels[4].title ==
        "All 7 layers shuffled, seed 13: set aside, its score is constant");
  CHECK(figure.panels[3].values.values[0] == 1e-9);
  CHECK(std::ranges::count(figure.panels[4].values.values, 0.0) == 6);  // rounding errors get no
                                                                        // colours
}

TEST_CASE("the figure of a sanity check says what it leaves out", "[sanity_figure]") {
  const Figure figure = sanity_figure(check_of(std::vector(20, shuffle(0.25))), 0, "dog.wav");
  REQUIRE(figure.panels.size() == 16);
  CHECK(
      figure.panels.back().title ==
      "All 7 layers shuffled, seed 14: 0.25 of the map stays (correlation of ranks 0.25, of values "
      "0.75); 5 more maps are in the .npz");
}

TEST_CASE("the figure of a sanity check counts a single layer and map", "[sanity_figure]") {
  WholeShuffle of_one_layer = shuffle(0.25);
  of_one_layer.map.layers = 1;
  const Figure figure = sanity_figure(check_of(std::vector(16, of_one_layer)), 0, "dog.wav");
  CHECK(figure.panels.back().title.starts_with("The only layer shuffled, seed 14: "));
  CHECK(figure.panels.back().title.ends_with("; 1 more map is in the .npz"));
}
