#include <array>
#include <cmath>
#include <numbers>

#include "axis.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro {
namespace {

// Note [The path of the colour map]
// Lightness rises linearly. Hue turns from blue (268 degrees) through purple, magenta and orange to
// yellow (465 = 105 degrees). Chroma is highest in the middle. With a peak of 0.18 the path stays
// within sRGB; it is closest to the limit at t = 0.2 and t = 0.8. So nothing is clamped, and the
// visible lightness is exact.
constexpr double kLightnessBegin = 0.15;
constexpr double kLightnessEnd = 0.97;
constexpr double kHueBeginDeg = 268.0;
constexpr double kHueEndDeg = 465.0;
constexpr double kChromaAtEnds = 0.08;
constexpr double kChromaBump = 0.10;

// The same for signed values. At both hues the path stays within sRGB, too.
constexpr double kNeutralLightness = 0.97;
constexpr double kExtremeLightness = 0.40;
constexpr double kBlueDeg = 258.0;
constexpr double kBrownDeg = 55.0;
constexpr double kMostSignedChroma = 0.13;

double gamma_encoded(double linear) {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1.0 / 2.4) - 0.055;
}

double cube(double value) { return value * value * value; }

/// Converts Oklab to sRGB, with the matrices of Ottosson (2020).
Colour srgb_of_oklab(double lightness, double a, double b) {
  const double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
  const double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
  const double s = cube(lightness - 0.0894841775 * a - 1.2914855480 * b);
  return {
      .red = gamma_encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
      .green = gamma_encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
      .blue = gamma_encoded(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s),
  };
}

std::uint32_t packed(const Colour& colour) {
  const auto byte = [](double part) { return static_cast<std::uint32_t>(std::lround(255 * part)); };
  return byte(colour.red) << 16U | byte(colour.green) << 8U | byte(colour.blue);
}

constexpr std::size_t kSteps = 1000;

/// The colours from the lowest value to the highest. To compute one for each cell takes 20 ms a
/// figure.
using PackedColours = std::array<std::uint32_t, kSteps + 1>;

PackedColours packed_colours(Colour (*colour)(double), double low) {
  PackedColours all{};
  for (std::size_t i = 0; i <= kSteps; ++i) {
    all[i] = packed(colour(std::lerp(low, 1.0, static_cast<double>(i) / kSteps)));
  }
  return all;
}

/// @param faded  0 to 1: how far to go to the neutral colour.
std::uint32_t pixel_of(double value, double faded, const std::optional<render::Scale>& scale) {
  static const PackedColours kPlain = packed_colours(colour_of, 0.0);
  static const PackedColours kSigned = packed_colours(signed_colour_of, -1.0);
  constexpr std::uint32_t kGrey = 0xB8B8B8;
  if (std::isnan(value) || !scale) return kGrey;
  const auto at = [](const PackedColours& colours, double fraction) {
    return colours[static_cast<std::size_t>(std::lround(fraction * kSteps))];
  };
  const double fraction = scale->fraction(value);
  if (!scale->is_signed) return at(kPlain, fraction);
  return at(kSigned, std::lerp(fraction, 0.5, render::kMostFaded * faded));
}

}  // namespace

Colour colour_of(double value) {
  const double t = value > 0.0 ? std::fmin(value, 1.0) : 0.0;  // NaN becomes 0
  const double lightness = std::lerp(kLightnessBegin, kLightnessEnd, t);
  const double hue = std::lerp(kHueBeginDeg, kHueEndDeg, t) * std::numbers::pi / 180.0;
  const double chroma = kChromaAtEnds + kChromaBump * std::sin(std::numbers::pi * t);
  return srgb_of_oklab(lightness, chroma * std::cos(hue), chroma * std::sin(hue));
}

Colour signed_colour_of(double value) {
  const double distance = std::fmin(std::abs(value), 1.0);
  const double lightness = std::lerp(kNeutralLightness, kExtremeLightness, distance);
  const double chroma = kMostSignedChroma * std::sin(0.75 * std::numbers::pi * distance);
  const double hue = (value < 0.0 ? kBlueDeg : kBrownDeg) * std::numbers::pi / 180.0;
  return srgb_of_oklab(lightness, chroma * std::cos(hue), chroma * std::sin(hue));
}

std::vector<std::uint32_t> render::pixels_of(const Cells& drawn, const std::optional<Scale>& scale,
                                             std::size_t width, std::size_t height) {
  const Array2d<double>& cells = drawn.values;
  std::vector<std::uint32_t> colours(cells.values.size());
  for (std::size_t i = 0; i < colours.size(); ++i) {
    colours[i] = pixel_of(cells.values[i], drawn.faded ? drawn.faded->values[i] : 0.0, scale);
  }
  std::vector<std::uint32_t> pixels;
  pixels.reserve(width * height);
  for (std::size_t y = 0; y < height; ++y) {
    const std::size_t row = (height - 1 - y) * cells.rows / height;
    for (std::size_t x = 0; x < width; ++x) {
      pixels.push_back(colours[row * cells.columns + x * cells.columns / width]);
    }
  }
  return pixels;
}

}  // namespace relax_spectro
