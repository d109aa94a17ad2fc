#include "render/axis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace {

using namespace relax_spectro;
using render::Tick;

std::vector<std::string> labels_of(const std::vector<Tick>& ticks) {
  std::vector<std::string> labels;
  for (const Tick& tick : ticks) {
    labels.push_back(tick.label);
  }
  return labels;
}

bool all_distinct(const std::vector<std::string>& labels) {
  return std::set<std::string>(labels.begin(), labels.end()).size() == labels.size();
}

std::vector<double> even_centres(std::size_t count, double first, double step) {
  std::vector<double> centres;
  for (std::size_t i = 0; i < count; ++i) {
    centres.push_back(first + step * static_cast<double>(i));
  }
  return centres;
}

/// Band centres that are evenly spaced on the mel scale of HTK.
std::vector<double> mel_centres(std::size_t bands, double low_hz, double high_hz) {
  const auto mel_of = [](double hz) { return 1127.0 * std::log1p(hz / 700.0); };
  const auto hz_of = [](double mel) { return 700.0 * std::expm1(mel / 1127.0); };
  const double step = (mel_of(high_hz) - mel_of(low_hz)) / static_cast<double>(bands + 1);
  std::vector<double> centres;
  for (const double mel : even_centres(bands, mel_of(low_hz) + step, step)) {
    centres.push_back(hz_of(mel));
  }
  return centres;
}

using Labels = std::vector<std::string>;

TEST_CASE("a value between two cell centres is interpolated", "[axis]") {
  const std::vector<double> centres = {100.0, 200.0, 400.0};
  CHECK(render::cell_position(centres, 100.0) == Approx(0.5));
  CHECK(render::cell_position(centres, 300.0) == Approx(2.0));
  CHECK(render::cell_position(centres, 400.0) == Approx(2.5));
  CHECK(render::cell_position(centres, 50.0) == Approx(0.0).margin(1e-12));
  CHECK(render::cell_position(centres, 10000.0) == 3.0);
  CHECK(render::cell_position(std::vector<double>{440.0}, 7.0) == 0.5);
}

TEST_CASE("bands that share a centre do not make a position undefined", "[axis]") {
  const std::vector<double> centres = {0.0, 0.0, 50.0, 50.0, 100.0, 100.0};
  for (const double hz : {-1.0, 0.0, 25.0, 50.0, 75.0, 100.0, 101.0}) {
    const double position = render::cell_position(centres, hz);
    CHECK(position >= 0.0);
    CHECK(position <= 6.0);
  }
  CHECK(std::isfinite(render::frequency_ticks(centres, 1.0).front().position));
}

TEST_CASE("time marks lie on round seconds", "[axis]") {
  const auto five_seconds = render::time_ticks(even_centres(500, 0.005, 0.01), 5.0);
  CHECK(labels_of(five_seconds) == Labels{"0", "1", "2", "3", "4", "5"});
  CHECK(five_seconds[2].position == Approx(200.0));

  const auto two_seconds = render::time_ticks(even_centres(200, 0.005, 0.01), 10.0);
  CHECK(labels_of(two_seconds).at(1) == "0.2");
  CHECK(two_seconds.size() == 11);

  const auto hour = render::time_ticks(even_centres(360000, 0.005, 0.01), 10.0);
  CHECK(labels_of(hour) == Labels{"0", "500", "1000", "1500", "2000", "2500", "3000", "3500"});
}

TEST_CASE("long times are marked in minutes and seconds, at round steps", "[axis]") {
  CHECK_FALSE(render::is_on_clock(120.0));
  CHECK(render::is_on_clock(121.0));
  const auto labels = [](std::size_t count, double first, double step) {
    return labels_of(render::time_ticks(even_centres(count, first, step), 10.0, true));
  };
  CHECK(labels(360000, 0.005, 0.01) ==
        Labels{"0:00", "10:00", "20:00", "30:00", "40:00", "50:00", "60:00"});
  CHECK(labels(120, 150.5, 1.0) ==
        Labels{"2:30", "2:45", "3:00", "3:15", "3:30", "3:45", "4:00", "4:15", "4:30"});
  CHECK(labels(20, 598.05, 0.1) == Labels{"9:58.0", "9:58.2", "9:58.4", "9:58.6", "9:58.8",
                                          "9:59.0", "9:59.2", "9:59.4", "9:59.6", "9:59.8",
                                          "10:00.0"});
}

TEST_CASE("the first frame of a recording is marked 0 s although its centre lies behind it",
          "[axis]") {
  const auto ticks = render::time_ticks(even_centres(496, 0.0125, 0.01), 12.0);
  CHECK(ticks.front().label == "0.0");
  CHECK(ticks.front().position == 0.0);
}

TEST_CASE("a single frame has a single mark", "[axis]") {
  const auto ticks = render::time_ticks(std::vector<double>{1.5}, 10.0);
  CHECK(labels_of(ticks) == Labels{"1.5"});
  CHECK(ticks.front().position == 0.5);
}

TEST_CASE("time marks stay in the picture, rise and differ, for any length", "[axis]") {
  for (const std::size_t frames : {2U, 3U, 7U, 96U, 1000U, 12345U}) {
    for (const double hop_s : {0.0001, 0.01, 0.32, 3.0}) {
      const auto ticks = render::time_ticks(even_centres(frames, 12.3, hop_s), 12.0);
      INFO(frames << " frames of " << hop_s << " s");
      CHECK(ticks.size() >= 2);
      CHECK(ticks.size() <= 14);
      CHECK(all_distinct(labels_of(ticks)));
      CHECK(std::ranges::is_sorted(ticks, {}, &Tick::position));
      CHECK(ticks.front().position >= 0.0);
      CHECK(ticks.back().position <= static_cast<double>(frames));
    }
  }
}

TEST_CASE("frequency marks of mel bands are 1, 2 and 5 times powers of ten", "[axis]") {
  const std::vector<double> centres = mel_centres(128, 20.0, 22050.0);
  const auto ticks = render::frequency_ticks(centres, 4.0);
  CHECK(labels_of(ticks) == Labels{"100", "200", "500", "1k", "2k", "5k", "10k", "20k"});
}

TEST_CASE("a frequency mark lies where the band centres say", "[axis]") {
  const std::vector<double> centres = mel_centres(64, 125.0, 7500.0);
  for (const Tick& tick : render::frequency_ticks(centres, 4.0)) {
    const bool kilo = tick.label.back() == 'k';
    const double hz = std::stod(tick.label) * (kilo ? 1000.0 : 1.0);
    const auto below = static_cast<std::size_t>(std::floor(tick.position - 0.5));
    REQUIRE(below + 1 < centres.size());
    const double share = tick.position - 0.5 - static_cast<double>(below);
    INFO(tick.label);
    CHECK(std::lerp(centres[below], centres[below + 1], share) == Approx(hz));
  }
}

TEST_CASE("frequency marks keep their distance, and those with a 1 stay", "[axis]") {
  const std::vector<double> centres = mel_centres(64, 20.0, 22050.0);
  for (const double gap : {1.0, 3.0, 5.0, 8.0, 12.0}) {
    const auto ticks = render::frequency_ticks(centres, gap);
    for (std::size_t i = 1; i < ticks.size(); ++i) {
      CHECK(ticks[i].position - ticks[i - 1].position >= gap);
    }
    CHECK(std::ranges::count(ticks, "1k", &Tick::label) == 1);
    CHECK(std::ranges::count(ticks, "10k", &Tick::label) == 1);
  }
}

TEST_CASE("evenly spaced bands get even frequency marks", "[axis]") {
  const auto ticks = render::frequency_ticks(even_centres(257, 0.0, 31.25), 16.0);
  CHECK(labels_of(ticks) == Labels{"0", "1k", "2k", "3k", "4k", "5k", "6k", "7k", "8k"});
}

TEST_CASE("a narrow range of mel bands still has three frequency marks", "[axis]") {
  const auto ticks = render::frequency_ticks(mel_centres(40, 2100.0, 4900.0), 3.0);
  CHECK(ticks.size() >= 3);
  CHECK(all_distinct(labels_of(ticks)));
}

TEST_CASE("importance values that differ in the fourth digit have readable labels", "[axis]") {
  const auto ticks = render::value_ticks({0.9841, 0.9853}, 7.0);
  CHECK(labels_of(ticks.ticks) ==
        Labels{"0.9842", "0.9844", "0.9846", "0.9848", "0.9850", "0.9852"});
  CHECK(ticks.exponent == 0);
  CHECK(ticks.offset.empty());
  CHECK(ticks.ticks.front().position == Approx(0.9842));
}

TEST_CASE("very small values share a power of ten", "[axis]") {
  const auto ticks = render::value_ticks({0.8e-5, 1.3e-5}, 6.0);
  CHECK(ticks.exponent == -5);
  CHECK(labels_of(ticks.ticks) == Labels{"0.8", "0.9", "1.0", "1.1", "1.2", "1.3"});
  CHECK(ticks.ticks.front().position == Approx(0.8e-5));
}

TEST_CASE("very large values share a power of ten", "[axis]") {
  const auto ticks = render::value_ticks({0.0, 3.0e9}, 6.0);
  CHECK(ticks.exponent == 9);
  CHECK(labels_of(ticks.ticks) == Labels{"0.0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0"});
}

TEST_CASE("values that differ only far behind the point share an offset", "[axis]") {
  const auto ticks = render::value_ticks({0.98410001, 0.98410005}, 5.0);
  CHECK(ticks.offset == "+ 0.9841000");
  CHECK(ticks.exponent == -8);
  CHECK(labels_of(ticks.ticks) == Labels{"1", "2", "3", "4", "5"});
  CHECK(ticks.ticks.front().position == Approx(0.98410001).epsilon(1e-12));
}

TEST_CASE("negative labels have a minus sign and zero has none", "[axis]") {
  const auto ticks = render::value_ticks({-0.4, 0.4}, 4.0);
  CHECK(labels_of(ticks.ticks) == Labels{"\u22120.4", "\u22120.2", "0.0", "0.2", "0.4"});
}

TEST_CASE("value marks stay in their range, rise and differ, for any scale", "[axis]") {
  for (const double low : {-80.0, -1.0, 0.0, 1e-7, 0.5, 0.9999, 12345.0, -3e7}) {
    for (const double span : {1e-9, 3e-6, 0.0012, 0.07, 1.0, 60.0, 4e6}) {
      const render::Scale scale{low, low + span};
      const auto result = render::value_ticks(scale, 7.0);
      INFO(low << " and " << span << " more");
      CHECK(result.ticks.size() >= (scale.constant() ? 1U : 2U));
      CHECK(result.ticks.size() <= 8);
      CHECK(all_distinct(labels_of(result.ticks)));
      CHECK(std::ranges::is_sorted(result.ticks, {}, &Tick::position));
      for (const Tick& tick : result.ticks) {
        CHECK(scale.fraction(tick.position) > -1e-6);
        CHECK(scale.fraction(tick.position) < 1.0 + 1e-6);
        CHECK(tick.label.size() <= 10);
      }
    }
  }
}

TEST_CASE("a constant scale has one mark, and its value is drawn in the middle colour", "[axis]") {
  const render::Scale scale{0.25, 0.25};
  CHECK(scale.constant());
  CHECK(scale.fraction(0.25) == 0.5);
  CHECK(labels_of(render::value_ticks(scale, 6.0).ticks) == Labels{"0.25"});
  CHECK(labels_of(render::value_ticks({0.0, 0.0}, 6.0).ticks) == Labels{"0"});
}

TEST_CASE("a scale spans the values and passes over those that are missing", "[axis]") {
  Array2d<double> cells(2, 2, std::numeric_limits<double>::quiet_NaN());
  CHECK_FALSE(render::scale_of(cells).has_value());
  cells(0, 1) = -2.0;
  cells(1, 0) = 3.0;
  CHECK(render::scale_of(cells)->low == -2.0);
  CHECK(render::scale_of(cells)->high == 3.0);
}

TEST_CASE("columns are averaged down to as many as are asked for", "[axis]") {
  Array2d<double> values(1, 6);
  values.values = {1.0,
                   3.0,
                   std::numeric_limits<double>::quiet_NaN(),
                   5.0,
                   std::numeric_limits<double>::infinity(),
                   std::numeric_limits<double>::quiet_NaN()};
  const Array2d<double> cells = render::averaged_down(values, 10, 3);
  REQUIRE(cells.rows == 1);
  REQUIRE(cells.columns == 3);
  CHECK(cells(0, 0) == 2.0);
  CHECK(cells(0, 1) == 5.0);
  CHECK(std::isnan(cells(0, 2)));
}

TEST_CASE("few columns are left as they are", "[axis]") {
  Array2d<double> values(2, 3);
  values.values = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
  CHECK(render::averaged_down(values, 100, 100).values == values.values);
}

}  // namespace
