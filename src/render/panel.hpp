#pragma once

#include <cairo.h>

#include <cstddef>
#include <optional>
#include <span>

#include "axis.hpp"
#include "canvas.hpp"
#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro::render {

/// Columns of an array, from `begin` on.
[[nodiscard]] Array2d<double> columns_of(const Array2d<double>& array, std::size_t begin,
                                         std::size_t count);

/// 1 for each bin that is too faint to be told from noise, else 0.
/// @param below  standard errors.
[[nodiscard]] Array2d<double> faded_bins(const Array2d<double>& values,
                                         const Array2d<double>& errors, double below);

/// Whether a time has no map to be read.
[[nodiscard]] bool is_veiled(const std::vector<Veil>& veils, double time_s);

/// Makes values under veils unknown, so that they are grey and do not count in the scale.
void veil(Array2d<double>& values, std::span<const double> time_s, const std::vector<Veil>& veils);

/// What is drawn of a panel in one row of a figure.
struct PanelPart {
  /// @param begin, count  frames of the row.
  PanelPart(const FigurePanel& drawn, const Figure& figure, std::size_t begin, std::size_t count,
            const Box& box, double pixels_per_point);

  /// The scale of this part alone: of a signed picture it is symmetric. Nothing without values.
  [[nodiscard]] std::optional<Scale> scale() const;

  const FigurePanel& panel;
  std::span<const double> time_s;
  std::span<const double> frequency_hz;
  Array2d<double> cells;   ///< at most a cell for each pixel; a single row or column for a curve
  Array2d<double> faded;   ///< as Cells::faded; empty: nothing is
  Array2d<double> errors;  ///< standard errors of a curve; empty: unknown
};

/// Draws a panel without its title and time axis.
void draw_panel(cairo_t* cr, const PanelPart& part, const std::optional<Scale>& scale,
                const Box& box, double pixels_per_point);

}  // namespace relax_spectro::render
