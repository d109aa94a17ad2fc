#pragma once

#include <cairo.h>

#include <filesystem>
#include <functional>

namespace relax_spectro::render {

/// Draws a whole page. Lengths are in points; images should have `pixels_per_point`.
using Painter = std::function<void(cairo_t* cr, double pixels_per_point)>;

/// Writes a page of kPageWidth by `height` points in the format of the path's ending. The painter
/// gets a white page.
/// @throws ConfigError  the ending is not .png, .svg or .pdf.
/// @throws IoError      the file cannot be written.
void write_page(const std::filesystem::path& path, double height, const Painter& paint);

}  // namespace relax_spectro::render
