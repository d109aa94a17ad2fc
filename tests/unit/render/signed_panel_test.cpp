#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/render/figure.hpp"
#include "support/catch.hpp"
#include "support/picture.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

using Triple = std::array<double, 3>;

Triple times(const std::array<Triple, 3>& matrix, const Triple& vector) {
  Triple product{};
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) product[i] += matrix[i][j] * vector[j];
  }
  return product;
}

double linear_part(double encoded) {
  return encoded <= 0.04045 ? encoded / 12.92 : std::pow((encoded + 0.055) / 1.055, 2.4);
}

/// Oklab (Ottosson 2020) of linear sRGB.
Triple oklab_of(const Triple& rgb) {
  Triple cones = times({{{0.4122214708, 0.5363325363, 0.0514459929},
                         {0.2119034982, 0.6806995451, 0.1073969566},
                         {0.0883024619, 0.2817188376, 0.6299787005}}},
                       rgb);
  for (double& cone : cones) cone = std::cbrt(cone);
  return times({{{0.2104542553, 0.7936177850, -0.0040720468},
                 {1.9779984951, -2.4285922050, 0.4505937099},
                 {0.0259040371, 0.7827717662, -0.8086757660}}},
               cones);
}

Triple linear_colour(double value) {
  const Colour colour = signed_colour_of(value);
  return {linear_part(colour.red), linear_part(colour.green), linear_part(colour.blue)};
}

double distance(const Triple& a, const Triple& b) {
  return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

// The plots of a figure with two panels and no title.
constexpr int kLeft = 116;
constexpr int kWidth = 1100;
constexpr int kTop = 68;
constexpr int kHeight = 380;

/// One band and a frame a second, in a number of equal panels.
Figure strip(std::vector<double> values, std::size_t panels) {
  Figure figure;
  figure.frequency_hz = {440.0};
  for (std::size_t t = 0; t < values.size(); ++t) figure.time_s.push_back(static_cast<double>(t));
  FigurePanel panel{"", "", Array2d<double>(1, values.size())};
  panel.values.values = std::move(values);
  panel.is_signed = true;
  figure.panels.assign(panels, panel);
  return figure;
}

/// The pixels in the middle of each frame of a panel.
std::vector<std::uint32_t> drawn(const Figure& figure, int panel) {
  const test::TemporaryFolder folder;
  draw_figure(folder / "a.png", figure);
  const test::Picture picture(folder / "a.png");
  const int frames = static_cast<int>(figure.time_s.size());
  std::vector<std::uint32_t> pixels;
  for (int t = 0; t < frames; ++t) {
    pixels.push_back(picture.pixel(kLeft + (2 * t + 1) * kWidth / (2 * frames),
                                   kTop + panel * (kHeight + 44) + kHeight / 4));
  }
  return pixels;
}

std::uint32_t signed_pixel(double value) { return test::packed(signed_colour_of(value)); }

}  // namespace

TEST_CASE("signed colours are equally dark on both sides of an almost white zero") {
  for (int i = -1000; i <= 1000; ++i) {
    const double value = i / 1000.0;
    const Colour colour = signed_colour_of(value);
    REQUIRE(std::min({colour.red, colour.green, colour.blue}) >= 0.0);
    REQUIRE(std::max({colour.red, colour.green, colour.blue}) <= 1.0);
    REQUIRE(oklab_of(linear_colour(value))[0] ==
            Approx(0.97 - 0.57 * std::abs(value)).margin(1e-4));
  }
  CHECK(signed_colour_of(-1.0).blue > signed_colour_of(-1.0).red);
  CHECK(signed_colour_of(1.0).red > signed_colour_of(1.0).blue);
  CHECK(signed_pixel(7.0) == signed_pixel(1.0));
}

TEST_CASE("both signs differ for people with any kind of colour blindness") {
  // Machado et al., IEEE TVCG 15(6), 2009: no first, second or third kind of cone.
  constexpr std::array<std::array<Triple, 3>, 3> kBlindness{{{{{0.152286, 1.052583, -0.204868},
                                                               {0.114503, 0.786281, 0.099216},
                                                               {-0.003882, -0.048116, 1.051998}}},
                                                             {{{0.367322, 0.860646, -0.227968},
                                                               {0.280085, 0.672501, 0.047413},
                                                               {-0.011820, 0.042940, 0.968881}}},
                                                             {{{1.255528, -0.076749, -0.178779},
                                                               {-0.078411, 0.930809, 0.147602},
                                                               {0.004733, 0.691367, 0.303900}}}}};
  for (const auto& blindness : kBlindness) {
    for (const double value : {0.25, 0.5, 1.0}) {
      const Triple below = oklab_of(times(blindness, linear_colour(-value)));
      const Triple above = oklab_of(times(blindness, linear_colour(value)));
      CHECK(distance(below, above) > 0.08);  // four times what is just noticeable
    }
  }
}

TEST_CASE("signed values share a scale that is symmetric about zero") {
  CHECK(drawn(strip({-1.0, 0.0, 2.0}, 2), 0) ==
        std::vector{signed_pixel(-0.5), signed_pixel(0.0), signed_pixel(1.0)});
}

TEST_CASE("values within their noise are faded") {
  Figure figure = strip({-1.0, 1.0, 2.0}, 2);
  figure.panels[0].standard_error = Array2d<double>(1, 3, 0.45);
  figure.panels[0].standard_error(0, 0) = 0.6;
  figure.panels[0].fade_below = 2.0;
  CHECK(drawn(figure, 0) == std::vector{signed_pixel(-0.1), signed_pixel(0.5), signed_pixel(1.0)});
}

TEST_CASE("what is veiled is grey and does not count in the scale") {
  Figure figure = strip({-1.0, 9.0, 2.0}, 2);
  figure.panels[0].marks.veils = {{0.6, 1.4, "unresolved"}};
  CHECK(drawn(figure, 0) ==
        std::vector<std::uint32_t>{signed_pixel(-0.5), 0xB8B8B8U, signed_pixel(1.0)});
}

TEST_CASE("windows begin at lines, unless these would hide the map") {
  Figure figure = strip(std::vector<double>(50, 1.0), 2);
  figure.panels[0].marks.seams_s = {4.5, 9.5, 14.5};
  for (int t = 1; t < 50; ++t) figure.panels[1].marks.seams_s.push_back(t - 0.5);
  const test::TemporaryFolder folder;
  draw_figure(folder / "a.png", figure);
  const test::Picture picture(folder / "a.png");
  const auto at = [&picture](int panel, int below) {
    return picture.pixel(kLeft + 5 * kWidth / 50, kTop + panel * (kHeight + 44) + below);
  };
  CHECK(at(0, kHeight / 2) != signed_pixel(1.0));
  CHECK(at(1, kHeight / 2) == signed_pixel(1.0));
  CHECK(at(1, 10) != signed_pixel(1.0));  // a tick
}

TEST_CASE("panels with a common scale have the same colour for the same value") {
  Figure figure = strip({-1.0, 1.0}, 2);
  figure.panels[1].values(0, 0) = 2.0;
  CHECK(drawn(figure, 0)[1] == signed_pixel(1.0));
  for (FigurePanel& panel : figure.panels) panel.scale_name = "contrast";
  CHECK(drawn(figure, 0)[1] == signed_pixel(0.5));
  CHECK(drawn(figure, 1)[1] == signed_pixel(0.5));
}

TEST_CASE("a curve does not change the scale of a picture of the same name") {
  Figure figure = strip({-1.0, 1.0}, 2);
  for (FigurePanel& panel : figure.panels) panel.scale_name = "contrast";
  figure.panels[1].kind = PanelKind::time_curve;
  figure.panels[1].values(0, 0) = 2.0;
  CHECK(drawn(figure, 0) == std::vector{signed_pixel(-1.0), signed_pixel(1.0)});
}

TEST_CASE("a curve over frequency is of the first frame with values, between its errors") {
  Figure figure = strip({std::nan(""), 1.0, 5.0}, 1);
  figure.frequency_hz = {100.0, 200.0, 300.0};
  FigurePanel& panel = figure.panels[0];
  panel.kind = PanelKind::frequency_curve;
  panel.values = Array2d<double>(3, 3, 5.0);
  for (std::size_t band = 0; band < 3; ++band) {
    panel.values(band, 0) = std::nan("");
    panel.values(band, 1) = 1.0;
  }
  panel.standard_error = Array2d<double>(3, 3, 0.25);
  const test::TemporaryFolder folder;
  draw_figure(folder / "a.png", figure);
  const test::Picture picture(folder / "a.png");
  // From 0 to 1 + 2 * 0.25 with margins of 4 %: the curve at (1 + 0.06) / 1.62 of the height.
  const int height = 500;
  const auto pixel_at = [&](double value) {
    return picture.pixel(kLeft + kWidth / 2,
                         kTop + height - static_cast<int>((value + 0.06) / 1.62 * height));
  };
  CHECK(pixel_at(1.0) != pixel_at(1.3));
  CHECK(pixel_at(1.3) == pixel_at(0.7));  // the band
  CHECK(pixel_at(1.3) != 0xFFFFFFU);
  CHECK(pixel_at(0.3) == 0xFFFFFFU);
}

TEST_CASE("more than a minute is drawn in rows of equal length with one scale") {
  std::vector<double> values(100, -1.0);
  values[75] = 4.0;
  const Figure figure = strip(values, 1);
  const test::TemporaryFolder folder;
  draw_figure(folder / "a.png", figure);
  const test::Picture picture(folder / "a.png");
  const int second_row = kTop + 120 + 48 + 10 + 60;  // a plot of 60 points, its axis and a gap
  CHECK(picture.pixel(kLeft + kWidth / 2, kTop + 60) == signed_pixel(-0.25));
  CHECK(picture.pixel(kLeft + 51 * kWidth / 100, second_row) == signed_pixel(1.0));
  CHECK(picture.pixel(kLeft + 53 * kWidth / 100, second_row) == signed_pixel(-0.25));
}

TEST_CASE("a part of a figure keeps its times") {
  Figure figure = strip({1.0, 2.0, 3.0, 4.0}, 1);
  figure.panels[0].standard_error = figure.panels[0].values;
  const Figure part = zoomed(figure, 0.5, 2.0);
  CHECK(part.time_s == std::vector{1.0, 2.0});
  CHECK(part.panels[0].values.values == std::vector{2.0, 3.0});
  CHECK(part.panels[0].standard_error.values == std::vector{2.0, 3.0});
  CHECK(zoomed(figure, {}, {}).time_s == figure.time_s);
  CHECK_THROWS_AS(zoomed(figure, 3.5, {}), ConfigError);
}
