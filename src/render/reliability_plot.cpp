#include "reliability_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "relax_spectro/render/figure.hpp"

namespace relax_spectro::render {
namespace {

constexpr double kHistogramGap = 10.0;
constexpr std::size_t kHistogramBins = 20;

void use_point_colour(cairo_t* cr) {
  const Colour colour = signed_colour_of(-1.0);
  cairo_set_source_rgb(cr, colour.red, colour.green, colour.blue);
}

/// Draws the line where confidence and share of right decisions are equal.
void draw_diagonal(cairo_t* cr, const Box& box) {
  constexpr double kDash = 3.0;
  cairo_set_dash(cr, &kDash, 1, 0.0);
  draw_line(cr, box.x, box.bottom(), box.right(), box.y);
  cairo_set_dash(cr, nullptr, 0, 0.0);
}

void draw_bin(cairo_t* cr, const ReliabilityBin& bin, const Box& box) {
  const double x = box.x + bin.confidence * box.width;
  const auto y = [&box](double share) { return box.bottom() - share * box.height; };
  use_point_colour(cr);
  cairo_set_line_width(cr, 1.0);
  cairo_move_to(cr, x, y(bin.interval.low));
  cairo_line_to(cr, x, y(bin.interval.high));
  cairo_stroke(cr);
  cairo_arc(cr, x, y(bin.right), 2.2, 0.0, 2.0 * std::numbers::pi);
  cairo_fill(cr);
}

/// Draws bars, and the height of the tallest as a number.
void draw_histogram(cairo_t* cr, const std::vector<double>& confidences, const Box& box) {
  std::array<std::size_t, kHistogramBins> counts{};
  for (const double confidence : confidences) {
    const auto bin = static_cast<std::size_t>(confidence * kHistogramBins);
    ++counts[std::min(bin, kHistogramBins - 1)];
  }
  const std::size_t most = std::ranges::max(counts);
  const double width = box.width / kHistogramBins;
  use_point_colour(cr);
  for (std::size_t bin = 0; bin < kHistogramBins; ++bin) {
    const double height = box.height * static_cast<double>(counts[bin]) / static_cast<double>(most);
    cairo_rectangle(cr, box.x + static_cast<double>(bin) * width, box.bottom() - height,
                    width - kHairline, height);
  }
  cairo_fill(cr);
  draw_frame(cr, box);
  draw_side_tick(cr, {0.0, fmt::format("{}", most)}, box.x - kHairline, box.y, Align::right);
  draw_side_tick(cr, {0.0, "0"}, box.x - kHairline, box.bottom(), Align::right);
}

}  // namespace

void draw_reliability(cairo_t* cr, const Certainty& certainty,
                      const std::vector<std::size_t>& groups, const std::string& title,
                      const Box& box) {
  draw_panel_title(cr, title, box, box.width);
  draw_frame(cr, box);
  draw_diagonal(cr, box);
  for (const ReliabilityBin& bin : reliability_of(certainty, groups)) draw_bin(cr, bin, box);
  const Box histogram{box.x, box.bottom() + kHistogramGap, box.width,
                      kHistogramHeight - kHistogramGap - kTimeAxisHeight};
  draw_histogram(cr, certainty.confidences, histogram);
  for (int fifth = 0; fifth <= 5; ++fifth) {
    const Tick tick{fifth / 5.0, fmt::format("{:.1f}", fifth / 5.0)};
    const double x = box.x + tick.position * box.width;
    draw_side_tick(cr, tick, box.x - kHairline, box.bottom() - tick.position * box.height,
                   Align::right);
    draw_bottom_tick(cr, {tick.position, ""}, x, box.bottom() + kHairline);
    draw_bottom_tick(cr, tick, x, histogram.bottom() + kHairline);
  }
  draw_upward_text(cr, "share of right decisions", box.x - 32.0, box.y + box.height / 2.0,
                   kAxisStyle, box.height);
  draw_upward_text(cr, "number", box.x - 32.0, histogram.y + histogram.height / 2.0, kAxisStyle,
                   histogram.height + 10.0);
  draw_text(cr, "confidence", box.x + box.width / 2.0, histogram.bottom() + 28.0, Align::centre,
            kAxisStyle, box.width);
}

}  // namespace relax_spectro::render
