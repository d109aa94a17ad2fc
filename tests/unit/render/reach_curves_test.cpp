#include "render/reach_curves.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "render/page_file.hpp"
#include "support/catch.hpp"
#include "support/picture.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using namespace relax_spectro::render;
using test::packed;
using test::Picture;

namespace {

constexpr double kCurvesTop = 30.0;

Reach reach_at(const std::string& change, const std::string& label, double kept) {
  Reach reach;
  reach.perturbation = change;
  reach.label = label;
  reach.kept = kept;
  reach.kept_interval = {kept, kept};
  return reach;
}

}  // namespace

TEST_CASE("curves of reach begin with the weakest change, and a label has its colour") {
  const std::vector<Reach> reaches{
      reach_at("mask:0.3", "", 0.5),   reach_at("mask:0.3", "owl", 0.0),
      reach_at("mask:0.9", "", 0.5),   reach_at("mask:0.9", "owl", 1.0),
      reach_at("gain:-12dB", "", 1.0), reach_at("gain:-12dB", "owl", 1.0)};
  const Colour red{1.0, 0.0, 0.0};
  const ReachCurves curves(reaches, {"owl"}, {red}, 1.0, kCurvesTop);
  REQUIRE_FALSE(curves.empty());
  const test::TemporaryFolder folder;
  write_page(folder / "curves.png", curves.bottom(), [&](cairo_t* cr, double) { curves.draw(cr); });
  const Picture picture(folder / "curves.png");
  std::vector<double> heights;  // of the red points in the columns of both masks, in pixels
  for (const double share : {0.25, 0.75}) {
    const int x = static_cast<int>(std::lround(2.0 * (render::kPlotLeft + 1.25 + share * 245.0)));
    for (int y = 0; y < picture.height(); ++y) {
      if (picture.pixel(x, y) != packed(red)) continue;
      heights.push_back(y / 2.0 - kCurvesTop);
      break;
    }
  }
  REQUIRE(heights.size() == 2);
  CHECK(heights[0] == Approx(0.0).margin(3.0));
  CHECK(heights[1] == Approx(130.0).margin(3.0));
  CHECK(ReachCurves({reach_at("gain:-12dB", "", 1.0)}, {"owl"}, {red}, 1.0, 0.0).empty());
}
