#include "flip_figure.hpp"

#include <fmt/format.h>

#include <span>
#include <utility>
#include <vector>

#include "axis.hpp"
#include "canvas.hpp"
#include "evaluation/flip_verdict.hpp"
#include "flip_curves.hpp"
#include "page_file.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr double kPlotHeight = 290.0;
constexpr double kLegendWidth = 140.0;
constexpr double kLegendLine = 15.0;

struct Plot {
  Box box;
  Scale scale;
  std::span<const double> fraction;

  [[nodiscard]] double x(std::size_t step) const { return box.x + box.width * fraction[step]; }
  [[nodiscard]] double y(double score) const {
    return box.bottom() - box.height * scale.fraction(score);
  }
};

void use_style(cairo_t* cr, const CurveStyle& style) {
  cairo_set_source_rgb(cr, style.colour.red, style.colour.green, style.colour.blue);
  cairo_set_line_width(cr, 1.5);
  cairo_set_dash(cr, &style.dash, style.dash > 0.0 ? 1 : 0, 0.0);
}

void draw_curve(cairo_t* cr, const FlipCurve& curve, const Plot& plot) {
  const CurveStyle& style = style_of(curve.name);
  const CurveBand band(curve.scores);
  const std::size_t steps = band.mean.size();
  cairo_new_path(cr);  // text leaves a current point behind
  if (curve.scores.rows > 1) {
    cairo_set_source_rgba(cr, style.colour.red, style.colour.green, style.colour.blue, 0.2);
    for (std::size_t i = 0; i < steps; ++i) cairo_line_to(cr, plot.x(i), plot.y(band.high[i]));
    for (std::size_t i = steps; i-- > 0;) cairo_line_to(cr, plot.x(i), plot.y(band.low[i]));
    cairo_close_path(cr);
    cairo_fill(cr);
  }
  use_style(cr, style);
  for (std::size_t i = 0; i < steps; ++i) cairo_line_to(cr, plot.x(i), plot.y(band.mean[i]));
  cairo_stroke(cr);
  cairo_set_dash(cr, nullptr, 0, 0.0);
}

/// Draws the legend beside the plot: each line's name, and the area under it.
void draw_legend(cairo_t* cr, const Flipping& flipping, const Box& plot) {
  const double x = plot.right() + 14.0;
  double y = plot.y + 10.0;
  draw_text(cr, "area under the curve", x, y, Align::left, kNoteStyle, kLegendWidth);
  for (const FlipCurve& curve : flipping.curves) {
    y += kLegendLine + 12.0;
    const CurveStyle& style = style_of(curve.name);
    use_style(cr, style);
    cairo_move_to(cr, x, y - 3.0);
    cairo_line_to(cr, x + 22.0, y - 3.0);
    cairo_stroke(cr);
    cairo_set_dash(cr, nullptr, 0, 0.0);
    draw_text(cr, fmt::format("{:.4g}", curve.mean_auc()), x + 28.0, y, Align::left,
              kPanelTitleStyle, kLegendWidth);
    draw_text(cr, style.label, x, y + 11.0, Align::left, kNoteStyle, kLegendWidth);
  }
}

void draw_axes(cairo_t* cr, const FlipOptions& options, const Plot& plot) {
  draw_frame(cr, plot.box);
  const ValueTicks ticks = value_ticks(plot.scale, 6.0);
  for (const Tick& tick : ticks.ticks) {
    draw_side_tick(cr, tick, plot.box.x - kHairline, plot.y(tick.position), Align::right);
  }
  std::string label = to_string(options.score);
  if (ticks.exponent != 0) label += fmt::format(" (\u00D7 1e{})", ticks.exponent);
  if (!ticks.offset.empty()) label += " " + ticks.offset;
  draw_upward_text(cr, label, 18.0, plot.box.y + plot.box.height / 2.0, kAxisStyle,
                   plot.box.height);
  for (int tenth = 0; tenth <= 10; tenth += 2) {
    const double x = plot.box.x + plot.box.width * tenth / 10.0;
    draw_bottom_tick(cr, {x, fmt::format("{:.1f}", tenth / 10.0)}, x,
                     plot.box.bottom() + kHairline);
  }
  draw_text(cr, fmt::format("fraction of the {} that is replaced", to_string(options.unit)),
            plot.box.x + plot.box.width / 2.0, plot.box.bottom() + 28.0, Align::centre, kAxisStyle,
            plot.box.width);
}

}  // namespace

void draw_flip_figure(const std::filesystem::path& path, const FlipResult& result) {
  const Flipping& flipping = result.flipping;
  const std::string title = result.source.input.path.filename().string();
  const std::string verdict = flipping.gains
                                  ? "The map " + verdict_of(*flipping.gains)
                                  : fmt::format("protocol {}", to_string(result.options.protocol));
  const double header = header_height(title, verdict);
  const Box box{kPlotLeft, header + 10.0, kPageWidth - kPlotLeft - kLegendWidth - 26.0,
                kPlotHeight};
  std::vector<const Array2d<double>*> scores;
  for (const FlipCurve& curve : flipping.curves) scores.push_back(&curve.scores);
  const Plot plot{box, scale_over(scores), flipping.fraction};
  write_page(path, box.bottom() + kTimeAxisHeight, [&](cairo_t* cr, double) {
    draw_header(cr, title, verdict);
    for (const FlipCurve& curve : flipping.curves) draw_curve(cr, curve, plot);
    draw_axes(cr, result.options, plot);
    draw_legend(cr, flipping, box);
  });
}

}  // namespace relax_spectro
