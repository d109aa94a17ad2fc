#include "page_file.hpp"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "cairo_handle.hpp"
#include "canvas.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro {
namespace render {
namespace {

using File = std::unique_ptr<std::FILE, Destroy<std::fclose>>;
using FontOptions = std::unique_ptr<cairo_font_options_t, Destroy<cairo_font_options_destroy>>;

constexpr double kPixelsPerPointPng = 2.0;
constexpr double kPixelsPerPointVector = 3.0;

void paint_page(cairo_t* cr, const Painter& paint, double pixels_per_point) {
  // Without hinting, text has the same widths at every resolution.
  const FontOptions font(cairo_font_options_create());
  cairo_font_options_set_antialias(font.get(), CAIRO_ANTIALIAS_GRAY);
  cairo_font_options_set_hint_style(font.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(font.get(), CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(cr, font.get());
  cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
  cairo_paint(cr);
  paint(cr, pixels_per_point);
}

cairo_status_t write_bytes(void* file, const unsigned char* data, unsigned int length) {
  const bool complete = std::fwrite(data, 1, length, static_cast<std::FILE*>(file)) == length;
  return complete ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

cairo_status_t write_png(std::FILE* file, double height, const Painter& paint) {
  constexpr double kScale = kPixelsPerPointPng;
  const Surface page(cairo_image_surface_create(CAIRO_FORMAT_RGB24,
                                                static_cast<int>(std::lround(kPageWidth * kScale)),
                                                static_cast<int>(std::lround(height * kScale))));
  const Context cr(cairo_create(page.get()));
  cairo_scale(cr.get(), kScale, kScale);
  paint_page(cr.get(), paint, kScale);
  const cairo_status_t status = cairo_status(cr.get());
  if (status != CAIRO_STATUS_SUCCESS) return status;
  return cairo_surface_write_to_png_stream(page.get(), &write_bytes, file);
}

template <auto create_surface>
cairo_status_t write_vector(std::FILE* file, double height, const Painter& paint) {
  const Surface page(create_surface(&write_bytes, file, kPageWidth, height));
  if (cairo_surface_get_type(page.get()) == CAIRO_SURFACE_TYPE_PDF) {
    // Cairo would write the time of day, and the same figure would differ from run to run.
    cairo_pdf_surface_set_metadata(page.get(), CAIRO_PDF_METADATA_CREATE_DATE, "");
  }
  const Context cr(cairo_create(page.get()));
  paint_page(cr.get(), paint, kPixelsPerPointVector);
  const cairo_status_t status = cairo_status(cr.get());
  cairo_surface_finish(page.get());
  return status != CAIRO_STATUS_SUCCESS ? status : cairo_surface_status(page.get());
}

using Writer = cairo_status_t (*)(std::FILE* file, double height, const Painter& paint);

/// How a file is written; nothing where its ending is none of a figure's.
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
  const auto failure = [&](const char* why) {
    return IoError(fmt::format("{}: the figure cannot be written: {}", path.string(), why));
  };
  File file(std::fopen(path.c_str(), "wb"));
  if (!file) throw failure(std::strerror(errno));
  const cairo_status_t status = write(file.get(), height, paint);
  if (status != CAIRO_STATUS_SUCCESS) throw failure(cairo_status_to_string(status));
  if (std::fclose(file.release()) != 0) throw failure(std::strerror(errno));
}

}  // namespace render

bool is_figure_path(const std::filesystem::path& path) {
  return render::writer_of(path) != nullptr;
}

}  // namespace relax_spectro
