#include "compare_figure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "canvas.hpp"
#include "compare/comparison_text.hpp"
#include "page_file.hpp"
#include "value_axes.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr double kProfileHeight = 130.0;
constexpr double kKindNames = 150.0;
constexpr double kKindBar = 8.0;
constexpr double kKindRow = 2.0 * kKindBar + 6.0;
constexpr std::size_t kMostKinds = 10;
constexpr double kNotShown = 0.25;  // opacity

/// What is drawn of a comparison, from top to bottom.
struct ComparisonPlot {
  const ModelComparison* comparison;
  std::vector<std::string> verdict;  ///< after a line that names the models
  std::vector<const BandDifference*> bands;
  std::vector<const ClusterDifference*> kinds;  ///< that differ
  Box profile;
  Box bars;
  double bottom = 0.0;

  ComparisonPlot(const ModelComparison& drawn, double top) : comparison(&drawn) {
    verdict = wrapped(
        {fmt::format("{} is {}, {} is {}.", a(), drawn.results.a.model, b(), drawn.results.b.model),
         verdict_of(drawn)});
    for (const BandDifference& band : drawn.profile) {
      if (band.label.empty() && band.band) bands.push_back(&band);
    }
    for (const ClusterDifference& kind : drawn.clusters) {
      if (kind.tested && kind.tested->p <= 0.05 && kinds.size() < kMostKinds)
        kinds.push_back(&kind);
    }
    const double lines = kTextLine * static_cast<double>(verdict.size());
    profile = {kPlotLeft, top + lines + kMargin + kPanelTitleHeight, kPlotWidth, kProfileHeight};
    bars = {kKindNames + kMargin, profile.bottom() + kTimeAxisHeight + kPanelTitleHeight,
            kPlotLeft + kPlotWidth - kKindNames - kMargin,
            kKindRow * static_cast<double>(kinds.size())};
    bottom = (kinds.empty() ? profile : bars).bottom() + kTimeAxisHeight + kMargin;
  }

  [[nodiscard]] std::string a() const { return comparison->results.a.folder.string(); }
  [[nodiscard]] std::string b() const { return comparison->results.b.folder.string(); }
};

/// The scale of means and the ends of their intervals, with 0 in it.
class MeanScale {
 public:
  void add(const UnitMean& mean) {
    low_ = std::min({low_, mean.value, mean.interval ? mean.interval->low : 0.0});
    high_ = std::max({high_, mean.value, mean.interval ? mean.interval->high : 0.0});
  }
  [[nodiscard]] Scale scale() const { return widened(low_, high_); }

 private:
  double low_ = 0.0;
  double high_ = 0.0;
};

void draw_profile(cairo_t* cr, const ComparisonPlot& plot) {
  MeanScale scale;
  std::vector<double> centres_hz;
  for (const BandDifference* band : plot.bands) {
    scale.add(band->tested.difference);
    centres_hz.push_back((band->band->low_hz + band->band->high_hz) / 2.0);
  }
  const auto count = static_cast<double>(plot.bands.size());
  const Axes axes{plot.profile, {0.0, count}, scale.scale()};
  draw_panel_title(
      cr, fmt::format("Bands: how far the contrast of {} is above that of {}", plot.b(), plot.a()),
      plot.profile);
  for (std::size_t k = 0; k < plot.bands.size(); ++k) {
    const TestedDifference& tested = plot.bands[k]->tested;
    const auto left = static_cast<double>(k);
    use_colour(cr, tested.t > 0.0 ? 1.0 : -1.0, tested.p <= 0.05 ? 1.0 : kNotShown);
    cairo_rectangle(cr, axes.x(left + 0.1), axes.y(0.0), axes.x(left + 0.9) - axes.x(left + 0.1),
                    axes.y(tested.difference.value) - axes.y(0.0));
    cairo_fill(cr);
    if (!tested.difference.interval) continue;
    const double middle = axes.x(left + 0.5);
    draw_line(cr, middle, axes.y(tested.difference.interval->low), middle,
              axes.y(tested.difference.interval->high));
  }
  draw_line(cr, axes.box.x, axes.y(0.0), axes.box.right(), axes.y(0.0));
  draw_vertical_axis(cr, axes, "difference, in scales");
  draw_horizontal_axis(cr, axes, frequency_ticks(centres_hz, 1.0), "frequency (Hz)");
}

void draw_kinds(cairo_t* cr, const ComparisonPlot& plot) {
  MeanScale scale;
  for (const ClusterDifference* kind : plot.kinds) {
    scale.add(kind->tested->a);
    scale.add(kind->tested->b);
  }
  const Axes axes{plot.bars, scale.scale(), {0.0, 1.0}};
  draw_panel_title(cr,
                   fmt::format("Kinds of sound that differ: contrast of {} (blue) and {} (brown)",
                               plot.a(), plot.b()),
                   plot.bars, plot.bars.width);
  draw_frame(cr, plot.bars);
  double y = plot.bars.y + 3.0;
  for (const ClusterDifference* kind : plot.kinds) {
    draw_text(cr, kind_text(kind->cluster), plot.bars.x - 6.0, y + kKindBar + 3.0, Align::right,
              kAxisStyle, kKindNames);
    for (const auto& [mean, sign] : {std::pair{&kind->tested->a, -1.0}, {&kind->tested->b, 1.0}}) {
      use_colour(cr, sign);
      cairo_rectangle(cr, axes.x(0.0), y, axes.x(mean->value) - axes.x(0.0), kKindBar - 1.0);
      cairo_fill(cr);
      if (mean->interval) {
        const double middle = y + kKindBar / 2.0;
        draw_line(cr, axes.x(mean->interval->low), middle, axes.x(mean->interval->high), middle);
      }
      y += kKindBar;
    }
    y += kKindRow - 2.0 * kKindBar;
  }
  draw_line(cr, axes.x(0.0), plot.bars.y, axes.x(0.0), plot.bars.bottom());
  const ValueTicks ticks = value_ticks(axes.horizontal, 5.0);
  draw_horizontal_axis(cr, axes, ticks.ticks,
                       "mean contrast in the regions, in scales" + ticks.offset);
}

}  // namespace

void draw_compare_figure(const std::filesystem::path& path,
                         std::span<const ModelComparison> comparisons) {
  const std::string title = "What models listen to";
  std::vector<ComparisonPlot> plots;
  double bottom = header_height(title, "");
  for (const ModelComparison& comparison : comparisons) {
    plots.emplace_back(comparison, bottom);
    bottom = plots.back().bottom;
  }
  write_page(path, bottom, [&](cairo_t* cr, double) {
    draw_header(cr, title, "");
    double top = header_height(title, "");
    for (const ComparisonPlot& plot : plots) {
      draw_lines(cr, plot.verdict, top);
      draw_profile(cr, plot);
      if (!plot.kinds.empty()) draw_kinds(cr, plot);
      top = plot.bottom;
    }
  });
}

}  // namespace relax_spectro
