#include "panel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "panel_curve.hpp"
#include "panel_marks.hpp"

namespace relax_spectro::render {
namespace {

/// The first frame whose lowest band has a value, or else the first.
std::size_t first_known_frame(const Array2d<double>& values) {
  const auto lowest = values.row(0);
  const auto known = std::ranges::find_if(lowest, [](double value) { return !std::isnan(value); });
  return known == lowest.end() ? 0 : static_cast<std::size_t>(known - lowest.begin());
}

void draw_frequency_axis(cairo_t* cr, const Box& box, std::span<const double> frequency_hz) {
  const double cell_height = box.height / static_cast<double>(frequency_hz.size());
  for (const Tick& tick : frequency_ticks(frequency_hz, 11.0 / cell_height)) {
    const double y = box.bottom() - tick.position * cell_height;
    draw_side_tick(cr, tick, box.x - kHairline, y, Align::right);
  }
  draw_upward_text(cr, "frequency (Hz)", 18.0, box.y + box.height / 2.0, kAxisStyle, box.height);
}

void draw_picture(cairo_t* cr, const PanelPart& part, const std::optional<Scale>& scale,
                  const Box& box, double pixels_per_point) {
  draw_cells(cr, {part.cells, part.faded.values.empty() ? nullptr : &part.faded}, scale, box,
             pixels_per_point);
  draw_frequency_axis(cr, box, part.frequency_hz);
  draw_colour_bar(cr, box, scale, part.panel.unit, pixels_per_point);
}

}  // namespace

Array2d<double> faded_bins(const Array2d<double>& values, const Array2d<double>& errors,
                           double below) {
  Array2d<double> faded(values.rows, values.columns);
  for (std::size_t bin = 0; bin < faded.values.size(); ++bin) {
    faded.values[bin] = std::abs(values.values[bin]) < below * errors.values[bin] ? 1.0 : 0.0;
  }
  return faded;
}

bool is_veiled(const std::vector<Veil>& veils, double time_s) {
  return std::ranges::any_of(
      veils, [time_s](const Veil& one) { return one.begin_s <= time_s && time_s <= one.end_s; });
}

void veil(Array2d<double>& values, std::span<const double> time_s, const std::vector<Veil>& veils) {
  for (std::size_t t = 0; t < values.columns; ++t) {
    if (!is_veiled(veils, time_s[t])) continue;
    for (std::size_t row = 0; row < values.rows; ++row) {
      values(row, t) = std::numeric_limits<double>::quiet_NaN();
    }
  }
}

Array2d<double> columns_of(const Array2d<double>& array, std::size_t begin, std::size_t count) {
  Array2d<double> part(array.rows, count);
  for (std::size_t row = 0; row < part.rows; ++row) {
    std::ranges::copy(array.row(row).subspan(begin, count), part.row(row).begin());
  }
  return part;
}

PanelPart::PanelPart(const FigurePanel& drawn, const Figure& figure, std::size_t begin,
                     std::size_t count, const Box& box, double pixels_per_point)
    : panel(drawn),
      time_s(std::span(figure.time_s).subspan(begin, count)),
      frequency_hz(frequencies_of(drawn, figure)) {
  const auto rows = static_cast<std::size_t>(box.height * pixels_per_point);
  const auto columns = static_cast<std::size_t>(box.width * pixels_per_point);
  const auto taken = [&](const Array2d<double>& array) {
    Array2d<double> part = columns_of(array, begin, count);
    if (panel.kind == PanelKind::time_curve) {
      part.values.resize(count);
      part.rows = 1;
    }
    return part;
  };
  Array2d<double> values = taken(panel.values);
  veil(values, time_s, panel.marks.veils);
  const bool has_errors = !panel.standard_error.values.empty();
  const Array2d<double> standard_errors = has_errors ? taken(panel.standard_error) : values;
  if (panel.kind == PanelKind::frequency_curve) {
    const std::size_t frame = first_known_frame(values);
    cells = columns_of(values, frame, 1);
    if (has_errors) errors = columns_of(standard_errors, frame, 1);
    return;
  }
  cells = averaged_down(values, rows, columns);
  if (!has_errors) return;
  if (panel.kind == PanelKind::picture) {
    faded = averaged_down(faded_bins(values, standard_errors, panel.fade_below), rows, columns);
  } else {
    errors = averaged_down(standard_errors, rows, columns);
  }
}

std::optional<Scale> PanelPart::scale() const {
  std::optional<Scale> scale = scale_of(cells);
  if (!scale) return scale;
  if (panel.kind == PanelKind::picture) return panel.is_signed ? signed_scale(*scale) : *scale;
  for (std::size_t i = 0; i < errors.values.size(); ++i) {
    const double reach = 2.0 * errors.values[i];
    if (!std::isfinite(cells.values[i] + reach)) continue;
    scale = spanning(scale, Scale{cells.values[i] - reach, cells.values[i] + reach});
  }
  if (panel.is_signed) scale = spanning(scale, Scale{0.0, 0.0});
  const double margin = 0.04 * (scale->high - scale->low);
  return Scale{scale->low - margin, scale->high + margin};
}

void draw_panel(cairo_t* cr, const PanelPart& part, const std::optional<Scale>& scale,
                const Box& box, double pixels_per_point) {
  if (part.panel.kind == PanelKind::picture) {
    draw_picture(cr, part, scale, box, pixels_per_point);
  } else if (scale) {
    draw_curve(cr, part, *scale, box);
  }
  draw_marks(cr, part, box);
  draw_frame(cr, box);
}

}  // namespace relax_spectro::render
