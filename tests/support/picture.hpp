#pragma once

#include <cairo.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>

#include "relax_spectro/render/figure.hpp"
#include "support/catch.hpp"

namespace relax_spectro::test {

/// A PNG that was written.
class Picture {
 public:
  explicit Picture(const std::filesystem::path& path)
      : surface_(cairo_image_surface_create_from_png(path.c_str()), &cairo_surface_destroy) {
    REQUIRE(cairo_surface_status(surface_.get()) == CAIRO_STATUS_SUCCESS);
  }
  [[nodiscard]] int width() const { return cairo_image_surface_get_width(surface_.get()); }
  [[nodiscard]] int height() const { return cairo_image_surface_get_height(surface_.get()); }

  /// 0x00RRGGBB
  [[nodiscard]] std::uint32_t pixel(int x, int y) const {
    const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface_.get());
    std::uint32_t value = 0;
    std::memcpy(&value, cairo_image_surface_get_data(surface_.get()) + y * stride + x * 4, 4);
    return value & 0xFFFFFFU;
  }

 private:
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> surface_;
};

/// 0x00RRGGBB
inline std::uint32_t packed(const Colour& colour) {
  const auto byte = [](double part) {
    return static_cast<std::uint32_t>(std::lround(255.0 * part));
  };
  return byte(colour.red) << 16U | byte(colour.green) << 8U | byte(colour.blue);
}

}  // namespace relax_spectro::test
