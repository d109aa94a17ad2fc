#include "relax_spectro/render/figure.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/picture.hpp"

namespace {

using namespace relax_spectro;
using test::packed;
using test::Picture;
namespace fs = std::filesystem;

/// A separate folder for each test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> made = 0;
    const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    path_ = fs::temp_directory_path() /
            ("relax_spectro_figure_" + std::to_string(now) + "_" + std::to_string(made++));
    fs::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

// The position of the plot in a PNG, for a figure with one panel and a title but no subtitle.
constexpr int kPlotLeft = 116;
constexpr int kPlotTop = 100;
constexpr int kPlotWidth = 1100;
constexpr int kPlotHeight = 500;

Figure one_panel(std::size_t bands, std::size_t frames) {
  Figure figure;
  figure.title = "A figure";
  for (std::size_t band = 0; band < bands; ++band) {
    figure.frequency_hz.push_back(100.0 * std::pow(1.1, static_cast<double>(band)));
  }
  for (std::size_t frame = 0; frame < frames; ++frame) {
    figure.time_s.push_back(0.005 + 0.01 * static_cast<double>(frame));
  }
  figure.panels.push_back({"Panel", "unit", Array2d<double>(bands, frames)});
  return figure;
}

/// The pixel in the middle of a cell.
std::uint32_t cell_pixel(const Picture& picture, const Figure& figure, int band, int frame) {
  const int bands = static_cast<int>(figure.frequency_hz.size());
  const int frames = static_cast<int>(figure.time_s.size());
  return picture.pixel(kPlotLeft + (2 * frame + 1) * kPlotWidth / (2 * frames),
                       kPlotTop + kPlotHeight - (2 * band + 1) * kPlotHeight / (2 * bands));
}

double linear(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

/// The lightness L of Oklab, from sRGB.
double oklab_lightness(const Colour& colour) {
  const double r = linear(colour.red);
  const double g = linear(colour.green);
  const double b = linear(colour.blue);
  return 0.2104542553 * std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) +
         0.7936177850 * std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) -
         0.0040720468 * std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
}

std::string bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST_CASE("the lightness of the colour map rises linearly", "[figure]") {
  double before = 0.0;
  for (int i = 0; i <= 1000; ++i) {
    const double value = i / 1000.0;
    const double lightness = oklab_lightness(colour_of(value));
    CHECK(lightness == Approx(0.15 + 0.82 * value).margin(1e-4));
    CHECK(lightness > before);
    before = lightness;
  }
}

TEST_CASE("no colour of the map has to be clamped into sRGB", "[figure]") {
  for (int i = 0; i <= 10000; ++i) {
    const Colour colour = colour_of(i / 10000.0);
    for (const double part : {colour.red, colour.green, colour.blue}) {
      REQUIRE(part >= 0.0);
      REQUIRE(part <= 1.0);
    }
  }
}

TEST_CASE("the colour map goes from dark blue over magenta and orange to pale yellow", "[figure]") {
  const Colour low = colour_of(0.0);
  CHECK(low.blue > 2.0 * std::max(low.red, low.green));
  const Colour middle = colour_of(0.5);
  CHECK(middle.red > middle.blue);
  CHECK(middle.blue > middle.green);
  const Colour upper = colour_of(0.75);
  CHECK(upper.red > upper.green);
  CHECK(upper.green > upper.blue);
  const Colour high = colour_of(1.0);
  CHECK(std::min(high.red, high.green) > 0.9);
  CHECK(high.blue < high.green);
}

TEST_CASE("values outside the colour map take the colour at its end", "[figure]") {
  CHECK(packed(colour_of(-3.0)) == packed(colour_of(0.0)));
  CHECK(packed(colour_of(7.0)) == packed(colour_of(1.0)));
}

TEST_CASE("a peak is drawn brightest at its place, with low bands at the bottom", "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(10, 20);
  figure.panels[0].values(2, 15) = 1.0;
  draw_figure(folder / "peak.png", figure);

  const Picture picture(folder / "peak.png");
  CHECK(picture.width() == 1400);
  CHECK(picture.height() == 676);
  for (int band = 0; band < 10; ++band) {
    for (int frame = 0; frame < 20; ++frame) {
      INFO("band " << band << ", frame " << frame);
      const bool peak = band == 2 && frame == 15;
      CHECK(cell_pixel(picture, figure, band, frame) == packed(colour_of(peak ? 1.0 : 0.0)));
    }
  }
}

TEST_CASE("cells have crisp edges", "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(2, 2);
  figure.panels[0].values.values = {0.0, 1.0, 0.25, 0.75};
  draw_figure(folder / "cells.png", figure);
  const Picture picture(folder / "cells.png");
  const int middle_x = kPlotLeft + kPlotWidth / 2;
  const int middle_y = kPlotTop + kPlotHeight / 2;
  CHECK(picture.pixel(middle_x - 1, middle_y) == packed(colour_of(0.0)));
  CHECK(picture.pixel(middle_x, middle_y) == packed(colour_of(1.0)));
  CHECK(picture.pixel(middle_x - 1, middle_y - 1) == packed(colour_of(0.25)));
  CHECK(picture.pixel(kPlotLeft, kPlotTop) == packed(colour_of(0.25)));
  CHECK(picture.pixel(kPlotLeft + kPlotWidth - 1, kPlotTop) == packed(colour_of(0.75)));
}

TEST_CASE("values that are not finite are drawn grey and do not count in the scale", "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(4, 4);
  figure.panels[0].values(0, 0) = std::numeric_limits<double>::quiet_NaN();
  figure.panels[0].values(1, 1) = std::numeric_limits<double>::infinity();
  figure.panels[0].values(3, 3) = 1.0;
  draw_figure(folder / "nan.png", figure);
  const Picture picture(folder / "nan.png");
  for (const int i : {0, 1}) {
    const std::uint32_t pixel = cell_pixel(picture, figure, i, i);
    CHECK((pixel >> 16U) == (pixel & 0xFFU));
    CHECK((pixel >> 16U) == ((pixel >> 8U) & 0xFFU));
  }
  CHECK(cell_pixel(picture, figure, 2, 2) == packed(colour_of(0.0)));
  CHECK(cell_pixel(picture, figure, 3, 3) == packed(colour_of(1.0)));
}

TEST_CASE("a constant panel is drawn in the middle colour", "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(4, 4);
  std::ranges::fill(figure.panels[0].values.values, 0.984);
  draw_figure(folder / "constant.png", figure);
  CHECK(cell_pixel(Picture(folder / "constant.png"), figure, 1, 2) == packed(colour_of(0.5)));
}

TEST_CASE("a panel without a single finite value can be drawn", "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(4, 4);
  std::ranges::fill(figure.panels[0].values.values, std::numeric_limits<double>::quiet_NaN());
  CHECK_NOTHROW(draw_figure(folder / "empty.png", figure));
}

TEST_CASE("a single cell can be drawn", "[figure]") {
  const TemporaryFolder folder;
  CHECK_NOTHROW(draw_figure(folder / "one.png", one_panel(1, 1)));
}

TEST_CASE("an arc joins the middles of two parts in the colour of its sign", "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(9, 9);
  const auto cell = [&](std::size_t band, double begin_s) {
    const double hertz = figure.frequency_hz[band];
    return TimeFrequencyBox{begin_s, begin_s + 0.01, hertz, hertz};
  };
  figure.panels[0].marks.arcs = {{cell(2, 0.02), cell(2, 0.06), 1.0},
                                 {cell(6, 0.02), cell(6, 0.06), -0.5}};
  draw_figure(folder / "arcs.png", figure);
  const Picture picture(folder / "arcs.png");
  const auto red_less_blue = [&](int band, int frame) {
    const auto pixel = static_cast<int>(cell_pixel(picture, figure, band, frame));
    return (pixel >> 16) - (pixel & 0xFF);
  };
  for (const int frame : {2, 6}) {
    CHECK(red_less_blue(2, frame) > 100);  // brown
    CHECK(red_less_blue(6, frame) < -100);
  }
  REQUIRE(std::abs(red_less_blue(0, 0)) < 100);
  CHECK(cell_pixel(picture, figure, 2, 4) == cell_pixel(picture, figure, 0, 0));  // it bulges
}

TEST_CASE("an outline runs along the edges of a part of the panel and leaves its cells to be seen",
          "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(10, 10);
  const std::vector<double>& hz = figure.frequency_hz;
  // Bands 2 to 4 and frames 3 to 6.
  figure.panels[0].outline =
      TimeFrequencyBox{0.03, 0.07, (hz[1] + hz[2]) / 2.0, (hz[4] + hz[5]) / 2.0};
  draw_figure(folder / "outline.png", figure);
  const Picture picture(folder / "outline.png");
  constexpr std::uint32_t kWhite = 0xFFFFFF;
  const int middle_y = kPlotTop + kPlotHeight - 7 * kPlotHeight / 20;
  const int middle_x = kPlotLeft + kPlotWidth / 2;
  CHECK(picture.pixel(kPlotLeft + 3 * kPlotWidth / 10, middle_y) == kWhite);
  CHECK(picture.pixel(kPlotLeft + 7 * kPlotWidth / 10, middle_y) == kWhite);
  CHECK(picture.pixel(middle_x, kPlotTop + kPlotHeight - 2 * kPlotHeight / 10) == kWhite);
  CHECK(picture.pixel(middle_x, kPlotTop + kPlotHeight - 5 * kPlotHeight / 10) == kWhite);
  const std::uint32_t cell = packed(colour_of(0.5));  // the panel is constant
  CHECK(cell_pixel(picture, figure, 3, 4) == cell);
  CHECK(cell_pixel(picture, figure, 3, 2) == cell);
  CHECK(cell_pixel(picture, figure, 6, 4) == cell);
}

TEST_CASE("a figure of 100 000 frames is averaged down to its width", "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(8, 100000);
  for (double& time : figure.time_s) time /= 100.0;  // 10 s, in a single row
  Array2d<double>& values = figure.panels[0].values;
  for (std::size_t frame = 0; frame < values.columns; ++frame) {
    values(5, frame) = frame < 50000 ? static_cast<double>(frame % 2) : 2.0;
  }
  for (const std::string name : {"long.png", "long.svg", "long.pdf"}) {
    draw_figure(folder / name, figure);
    CHECK(fs::file_size(folder / name) > 1000);
    CHECK(fs::file_size(folder / name) < 1000000);
  }
  const Picture picture(folder / "long.png");
  CHECK(picture.width() == 1400);
  CHECK(cell_pixel(picture, figure, 5, 75000) == packed(colour_of(1.0)));
  // Alternating 0 and 1 are drawn as their mean, 0.5 on a scale to 2.
  const std::uint32_t lower = cell_pixel(picture, figure, 5, 25000);
  CHECK(static_cast<double>(lower >> 16U) == Approx(255.0 * colour_of(0.25).red).margin(6.0));
  CHECK(cell_pixel(picture, figure, 0, 75000) == packed(colour_of(0.0)));
}

TEST_CASE("each panel adds to the height of the page", "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(8, 8);
  figure.subtitle = "a line in grey";
  int height = 0;
  for (const std::string name : {"1.png", "2.png", "3.png", "4.png", "5.png"}) {
    draw_figure(folder / name, figure);
    const Picture picture(folder / name);
    CHECK(picture.height() > height);
    height = picture.height();
    figure.panels.push_back(figure.panels.front());
  }
}

TEST_CASE("long, empty and broken texts do not run out of the page or stop the drawing",
          "[figure]") {
  const TemporaryFolder folder;
  Figure figure = one_panel(4, 4);
  const std::array<std::string, 5> texts = {std::string(), std::string(5000, 'W'),
                                            "broken \xff\xc3 byte", "two\nlines\tand a tab",
                                            "\u30b9\u30da\u30af\u30c8\u30eb caf\u00e9"};
  for (const std::string& text : texts) {
    figure.title = text;
    figure.subtitle = text;
    figure.panels[0].title = text;
    figure.panels[0].unit = text;
    draw_figure(folder / "text.png", figure);
    const Picture picture(folder / "text.png");
    for (int y = 0; y < picture.height(); ++y) {
      for (int x = picture.width() - 6; x < picture.width(); ++x) {
        REQUIRE(picture.pixel(x, y) == 0xFFFFFF);
      }
    }
  }
}

TEST_CASE("the ending of the path says the format, in capitals too", "[figure]") {
  const TemporaryFolder folder;
  const std::array<std::pair<std::string, std::string>, 4> formats = {
      {{"a.png", "\x89PNG"}, {"a.svg", "<?xml"}, {"a.pdf", "%PDF"}, {"b.PNG", "\x89PNG"}}};
  for (const auto& [name, magic] : formats) {
    draw_figure(folder / name, one_panel(4, 4));
    CHECK(bytes_of(folder / name).substr(0, magic.size()) == magic);
  }
}

TEST_CASE("a PDF does not hold the time at which it was made", "[figure]") {
  const TemporaryFolder folder;
  draw_figure(folder / "a.pdf", one_panel(4, 4));
  CHECK(bytes_of(folder / "a.pdf").find("CreationDate") == std::string::npos);
}

TEST_CASE("the same figure gives the same PNG", "[figure]") {
  const TemporaryFolder folder;
  draw_figure(folder / "a.png", one_panel(6, 9));
  draw_figure(folder / "b.png", one_panel(6, 9));
  CHECK(bytes_of(folder / "a.png") == bytes_of(folder / "b.png"));
}

TEST_CASE("an unknown ending is refused before anything is written", "[figure]") {
  const TemporaryFolder folder;
  const fs::path path = folder / "figure.xyz";
  CHECK_THROWS_AS(draw_figure(path, one_panel(4, 4)), ConfigError);
  CHECK_THROWS_WITH(draw_figure(path, one_panel(4, 4)),
                    path.string() + ": figures are written as .png, .svg or .pdf, not .xyz");
  CHECK_THROWS_AS(draw_figure(folder / "figure", one_panel(4, 4)), ConfigError);
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("panels that do not fit the axes are refused", "[figure]") {
  const TemporaryFolder folder;
  const fs::path path = folder / "figure.png";
  const Figure good = one_panel(4, 6);

  Figure narrow = good;
  narrow.panels[0].values = Array2d<double>(4, 5);
  CHECK_THROWS_WITH(draw_figure(path, narrow),
                    "figure: panel 'Panel' is 4 by 5, but the axes have 4 frequencies and 6 times");
  Figure torn = good;
  torn.panels[0].values.values.pop_back();
  CHECK_THROWS_AS(draw_figure(path, torn), ConfigError);
  Figure none = good;
  none.panels.clear();
  CHECK_THROWS_AS(draw_figure(path, none), ConfigError);
  Figure falling = good;
  std::ranges::reverse(falling.time_s);
  CHECK_THROWS_AS(draw_figure(path, falling), ConfigError);
  Figure endless = good;
  endless.frequency_hz.back() = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(draw_figure(path, endless), ConfigError);
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a folder that is not there is named with the reason", "[figure]") {
  const TemporaryFolder folder;
  for (const std::string name : {"missing/a.png", "missing/a.svg", "missing/a.pdf"}) {
    const fs::path path = folder / name;
    CHECK_THROWS_AS(draw_figure(path, one_panel(4, 4)), IoError);
    CHECK_THROWS_WITH(draw_figure(path, one_panel(4, 4)),
                      path.string() + ": the figure cannot be written: No such file or directory");
  }
}

TEST_CASE("a full disk is not success", "[figure]") {
  if (!fs::exists("/dev/full")) {
    return;
  }
  const TemporaryFolder folder;
  for (const std::string name : {"full.png", "full.svg", "full.pdf"}) {
    fs::create_symlink("/dev/full", folder / name);
    CHECK_THROWS_AS(draw_figure(folder / name, one_panel(4, 4)), IoError);
  }
}

}  // namespace
