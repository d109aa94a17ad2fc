#include "png.hpp"

#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>

#include "axis.hpp"
#include "cairo_handle.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro::render {
namespace {

cairo_status_t append(void* text, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

/// The PNG of cells. `pixel_of` gives the pixel of a cell by its index, in the format's type.
template <typename Pixel, typename PixelOf>
std::string png_of(const Array2d<double>& cells, cairo_format_t format, const PixelOf& pixel_of) {
  const Surface surface(cairo_image_surface_create(format, static_cast<int>(cells.columns),
                                                   static_cast<int>(cells.rows)));
  cairo_surface_flush(surface.get());
  unsigned char* data = cairo_image_surface_get_data(surface.get());
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(surface.get()));
  for (std::size_t row = 0; row < cells.rows && data != nullptr; ++row) {
    unsigned char* line = data + (cells.rows - 1 - row) * stride;
    for (std::size_t column = 0; column < cells.columns; ++column) {
      const Pixel pixel = pixel_of(row * cells.columns + column);
      std::memcpy(line + column * sizeof(Pixel), &pixel, sizeof(Pixel));
    }
  }
  cairo_surface_mark_dirty(surface.get());
  std::string bytes;
  const cairo_status_t status = cairo_surface_write_to_png_stream(surface.get(), &append, &bytes);
  if (status != CAIRO_STATUS_SUCCESS) {
    throw Error(fmt::format("a picture cannot be made: {}", cairo_status_to_string(status)));
  }
  return bytes;
}

std::uint32_t byte_of(double part) { return static_cast<std::uint32_t>(std::lround(255.0 * part)); }

/// A value in [-1, 1] or [0, 1], in steps that the eye hardly sees. Pictures get smaller by them.
double in_steps(double value) {
  constexpr double kSteps = 40.0;
  return std::round(kSteps * value) / kSteps;
}

/// The lightness of sound, 0 to 1: louder is darker. It stays light enough for colours on top.
double lightness_of(double value, const std::optional<Scale>& scale) {
  constexpr double kQuietest = 1.0;
  constexpr double kLoudest = 0.30;
  if (!scale || std::isnan(value)) return kQuietest;
  return std::lerp(kQuietest, kLoudest, in_steps(std::clamp(scale->fraction(value), 0.0, 1.0)));
}

/// The colour of a cell of a map.
OverlayColour colour_of_cell(const ShownMap& map, std::size_t cell) {
  const double value = map.contrast.values[cell];
  if (!std::isfinite(value) || !(map.most > 0.0)) return {};
  return overlay_colour(in_steps(std::clamp(value / map.most, -1.0, 1.0)) *
                        (1.0 - kMostFaded * in_steps(map.faded.values[cell])));
}

}  // namespace

OverlayColour overlay_colour(double share) {
  const Colour colour = signed_colour_of(share);
  return {colour.red, colour.green, colour.blue, 0.9 * std::pow(std::abs(share), 0.6)};
}

std::string sound_png(const ShownMap& map) {
  const std::optional<Scale> scale = scale_of(map.sound);
  // Cairo writes its one-byte format, which is meant for masks, as a greyscale PNG.
  return png_of<std::uint8_t>(map.sound, CAIRO_FORMAT_A8, [&](std::size_t cell) {
    return static_cast<std::uint8_t>(byte_of(lightness_of(map.sound.values[cell], scale)));
  });
}

std::string overlay_png(const ShownMap& map) {
  return png_of<std::uint32_t>(map.contrast, CAIRO_FORMAT_ARGB32, [&map](std::size_t cell) {
    const OverlayColour colour = colour_of_cell(map, cell);
    // Cairo expects colours multiplied by their opacity.
    return byte_of(colour.opacity) << 24U | byte_of(colour.red * colour.opacity) << 16U |
           byte_of(colour.green * colour.opacity) << 8U | byte_of(colour.blue * colour.opacity);
  });
}

std::string joined_png(const ShownMap& map) {
  const std::optional<Scale> scale = scale_of(map.sound);
  return png_of<std::uint32_t>(map.contrast, CAIRO_FORMAT_RGB24, [&](std::size_t cell) {
    const OverlayColour colour = colour_of_cell(map, cell);
    const double paper = lightness_of(map.sound.values[cell], scale);
    const auto over = [&](double part) { return byte_of(std::lerp(paper, part, colour.opacity)); };
    return over(colour.red) << 16U | over(colour.green) << 8U | over(colour.blue);
  });
}

}  // namespace relax_spectro::render
