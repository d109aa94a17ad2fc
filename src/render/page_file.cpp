#include "page_file.hpp"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fmt/format.h>
#include <png.h>

#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <cerrno>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "cairo_handle.hpp"
#include "canvas.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro {
namespace render {
namespace {

using FontOptions = std::unique_ptr<cairo_font_options_t, Destroy<cairo_font_options_destroy>>;

constexpr double kPixelsPerPointPng = 2.0;
constexpr double kPixelsPerPointVector = 3.0;

void paint_page(cairo_t* cr, const Painter& paint, double pixels_per_point) {
  // Without hinting, text has the same width at every resolution.
  const FontOptions font(cairo_font_options_create());
  cairo_font_options_set_antialias(font.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(font.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(font.get(), CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cr, font.get());
  cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
  cairo_paint(cr);
  paint(cr, pixels_per_point);
}

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(bytes)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

/// A number as in a PNG: 4 bytes, big-endian.
std::string png_number(std::uint32_t number) {
  const std::uint32_t value = boost::endian::native_to_big(number);
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

/// The PNG chunk that names the software (ISO/IEC 15948, 11.3.4.3).
std::string software_chunk() {
  using namespace std::string_literals;
  const std::string data = "Software\0"s + own_mark();
  const std::string typed = "tEXt" + data;
  boost::crc_32_type crc;
  crc.process_bytes(typed.data(), typed.size());
  return png_number(static_cast<std::uint32_t>(data.size())) + typed + png_number(crc.checksum());
}

/// The PNG of a surface of the format RGB24. Cairo's own writer takes three times as long for a file
/// that is a fifth smaller.
std::string png_of(cairo_surface_t* page) {
  cairo_surface_flush(page);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(cairo_image_surface_get_width(page));
  image.height = static_cast<png_uint_32>(cairo_image_surface_get_height(page));
  image.format = PNG_FORMAT_RGB;
  image.flags = PNG_IMAGE_FLAG_FAST;
  const unsigned char* line = cairo_image_surface_get_data(page);
  std::vector<unsigned char> colours;
  colours.reserve(PNG_IMAGE_SIZE(image));
  for (png_uint_32 y = 0; y < image.height; ++y) {
    for (png_uint_32 x = 0; x < image.width; ++x) {
      std::uint32_t pixel = 0;
      std::memcpy(&pixel, line + x * sizeof pixel, sizeof pixel);
      for (const unsigned shift : {16U, 8U, 0U}) {
        colours.push_back(static_cast<unsigned char>(pixel >> shift));
      }
    }
    line += cairo_image_surface_get_stride(page);
  }
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  std::string bytes(size, '\0');
  if (png_image_write_to_memory(&image, bytes.data(), &size, 0, colours.data(), 0, nullptr) == 0) {
    throw Error(fmt::format("the figure cannot be made: {}", image.message));
  }
  bytes.resize(size);
  return bytes;
}

cairo_status_t write_png(std::string& bytes, double height, const Painter& paint) {
  constexpr double kScale = kPixelsPerPointPng;
  const Surface page(cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                                static_cast<int>(std::lround(kPageWidth * kScale)),
                                                static_cast<int>(std::lround(height * kScale))));
  const Context cr(cairo_create(page.get()));
  cairo_scale(cr.get(), kScale, kScale);
  paint_page(cr.get(), paint, kScale);
  const cairo_status_t status = cairo_status(cr.get());
  if (status != CAIRO_STATUS_SUCCESS) return status;
  constexpr std::size_t kHeaderBytes = 33;  // the signature and the chunk IHDR, which must be first
  bytes = png_of(page.get());
  bytes.insert(kHeaderBytes, software_chunk());
  return status;
}

template <auto create_surface>
cairo_status_t write_vector(std::string& bytes, double height, const Painter& paint) {
  const Surface page(create_surface(&append, &bytes, kPageWidth, height));
  const bool is_pdf = cairo_surface_get_type(page.get()) == CAIRO_SURFACE_TYPE_PDF;
  if (is_pdf) {
    // Cairo would write the current time, and the same figure would differ between runs.
    cairo_pdf_surface_set_metadata(page.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
  }
  const Context cr(cairo_create(page.get()));
  paint_page(cr.get(), paint, kPixelsPerPointVector);
  const cairo_status_t status = cairo_status(cr.get());
  cairo_surface_finish(page.get());
  bytes += is_pdf ? fmt::format("% {}\n", own_mark()) : fmt::format("<!-- {} -->\n", own_mark());
  return status != CAIRO_STATUS_SUCCESS ? status : cairo_surface_status(page.get());
}

using Writer = cairo_status_t (*)(std::string& bytes, double height, const Painter& paint);

/// The writer for a path's ending; nothing if figures cannot have that ending.
Writer writer_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (ending == ".png") return &write_png;
  if (ending == ".svg") return &write_vector<cairo_svg_surface_create_for_stream>;
  if (ending == ".pdf") return &write_vector<cairo_pdf_surface_create_for_stream>;
  return nullptr;
}

}  // namespace

void write_page(const std::filesystem::path& path, double height, const Painter& paint) {
  const Writer write = writer_of(path);
  if (write == nullptr) {
    const std::string ending = path.extension().string();
    throw ConfigError(fmt::format("{}: figures are written as .png, .svg or .pdf, not {}",
                                  path.string(), ending.empty() ? "without an ending" : ending));
  }
  std::string bytes;
  const cairo_status_t status = write(bytes, height, paint);
  if (status != CAIRO_STATUS_SUCCESS) {
    throw IoError(fmt::format("{}: the figure cannot be drawn: {}", place_of(path).string(),
                              cairo_status_to_string(status)));
  }
  std::ofstream file(path, std::ios::binary);
  file << bytes;
  file.close();
  if (!file) {
    throw IoError(fmt::format("{}: the figure cannot be written: {}", place_of(path).string(),
                              std::strerror(errno)));
  }
}

}  // namespace render

bool is_figure_path(const std::filesystem::path& path) {
  return render::writer_of(path) != nullptr;
}

}  // namespace relax_spectro
