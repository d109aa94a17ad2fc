#include "render/maps_figure.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

/// A map with values 0, 1, 2 ..., and a spectrogram with the same values from 1000 on.
DrawnMap counted_map(const std::string& title, std::size_t bands, std::vector<double> time_s) {
  DrawnMap map{{title, "unit", Array2d<double>(bands, time_s.size())}, {}};
  map.axes.values = Array2d<float>(bands, time_s.size());
  for (std::size_t bin = 0; bin < map.panel.values.values.size(); ++bin) {
    map.panel.values.values[bin] = static_cast<double>(bin);
    map.axes.values.values[bin] = 1000.0F + static_cast<float>(bin);
  }
  map.axes.time_s = std::move(time_s);
  for (std::size_t band = 0; band < bands; ++band) {
    map.axes.frequency_hz.push_back(100.0 * static_cast<double>(band + 1));
  }
  return map;
}

}  // namespace

TEST_CASE("maps of one front end are drawn as they are", "[maps_figure]") {
  const std::array maps{counted_map("one", 3, {0.5, 1.5, 2.5, 3.5}),
                        counted_map("two", 3, {0.5, 1.5, 2.5, 3.5})};
  const Figure figure = maps_figure(maps, "title", "subtitle");
  CHECK(figure.time_s == maps[0].axes.time_s);
  REQUIRE(figure.panels.size() == 3);
  CHECK(figure.panels[0].values.values == converted<double>(maps[0].axes.values).values);
  CHECK(figure.panels[1].values.values == maps[0].panel.values.values);
  CHECK(figure.panels[2].title == "two");
}

TEST_CASE("each map shows its nearest frame, and nothing where it does not reach",
          "[maps_figure]") {
  // Frames of 1 s from 1 s to 4 s, and frames of 2 s from 0 s to 6 s.
  const std::array maps{counted_map("fine", 2, {1.5, 2.5, 3.5}),
                        counted_map("coarse", 1, {1.0, 3.0, 5.0})};
  const Figure figure = maps_figure(maps, "title", "");
  REQUIRE(figure.time_s == std::vector<double>{0.5, 1.5, 2.5, 3.5, 4.5, 5.5});
  const Array2d<double>& fine = figure.panels[1].values;
  CHECK(std::isnan(fine(0, 0)));
  CHECK(fine(0, 1) == 0.0);
  CHECK(fine(1, 3) == 5.0);
  CHECK(std::isnan(fine(1, 4)));
  CHECK(figure.panels[2].values.values == std::vector<double>{0.0, 0.0, 1.0, 1.0, 2.0, 2.0});
  CHECK(figure.panels[2].frequency_hz == std::vector<double>{100.0});

  const test::TemporaryFolder folder;
  draw_figure(folder / "maps.png", figure);
}

TEST_CASE("a figure of no maps is refused", "[maps_figure]") {
  CHECK_THROWS_AS(maps_figure({}, "title", ""), ConfigError);
  const std::array<DrawnMap, 1> empty{};
  CHECK_THROWS_AS(maps_figure(empty, "title", ""), ConfigError);
}
