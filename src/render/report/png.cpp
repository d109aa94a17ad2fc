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

/// The PNG of cells. `pixel_of` converts a cell to the format's pixel type.
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
      const Pixel pixel = pixel_of(cells(row, column));
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

}  // namespace

std::string grey_png(const Array2d<double>& cells) {
  // White is reserved for the page, and bright cells must not hide the colours on top.
  constexpr double kDarkest = 0.04;
  constexpr double kLightest = 0.82;
  const std::optional<Scale> scale = scale_of(cells);
  // Cairo writes its one-byte format, which is meant for masks, as a greyscale PNG.
  return png_of<std::uint8_t>(cells, CAIRO_FORMAT_A8, [&scale](double value) {
    if (!scale || std::isnan(value)) return std::uint8_t{0};
    return static_cast<std::uint8_t>(
        byte_of(std::lerp(kDarkest, kLightest, std::clamp(scale->fraction(value), 0.0, 1.0))));
  });
}

OverlayColour overlay_colour(double share) {
  // The upper half of the figures' colours, which contrast with every grey.
  const Colour colour = colour_of(std::lerp(0.55, 0.95, share));
  return {colour.red, colour.green, colour.blue, 0.9 * std::pow(share, 0.8)};
}

std::string overlay_png(const Array2d<double>& cells, double most) {
  return png_of<std::uint32_t>(cells, CAIRO_FORMAT_ARGB32, [most](double value) {
    if (!(value > 0.0) || !(most > 0.0)) return std::uint32_t{0};
    const OverlayColour colour = overlay_colour(std::min(value / most, 1.0));
    // Cairo expects colours multiplied by their opacity.
    return byte_of(colour.opacity) << 24U | byte_of(colour.red * colour.opacity) << 16U |
           byte_of(colour.green * colour.opacity) << 8U | byte_of(colour.blue * colour.opacity);
  });
}

}  // namespace relax_spectro::render
