#pragma once

#include <cairo.h>

#include <filesystem>
#include <functional>

namespace relax_spectro::render {

/// Draws all of a page. Lengths are in points; images are to be made of `pixels_per_point`.
using Painter = std::function<void(cairo_t* cr, double pixels_per_point)>;

/// Writes a page of kPageWidth by `height` points as the ending of the path says. The painter gets
/// white paper.
/// @throws ConfigError  another ending than .png, .svg or .pdf.
/// @throws IoError      the file cannot be written.
void write_page(const std::filesystem::path& path, double height, const Painter& paint);

}  // namespace relax_spectro::render
