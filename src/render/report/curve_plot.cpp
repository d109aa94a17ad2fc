#include "curve_plot.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <span>
#include <vector>

#include "evaluation/flip_verdict.hpp"
#include "flip_curves.hpp"
#include "html.hpp"
#include "plot_axis.hpp"
#include "report/templates.hpp"

namespace relax_spectro::render {
namespace {

using namespace fmt::literals;

constexpr double kSide = 1000.0;  // size of the plot in its own units; see curves.html

/// The points of a line, for the steps in `fraction`.
std::string points(std::span<const double> fraction, std::span<const double> scores,
                   const Scale& scale, bool backwards = false) {
  std::string text;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const std::size_t step = backwards ? scores.size() - 1 - i : i;
    text += fmt::format("{:.1f},{:.1f} ", kSide * fraction[step],
                        kSide * (1.0 - scale.fraction(scores[step])));
  }
  return text;
}

std::string dashes(const CurveStyle& style) {
  if (style.dash == 0.0) return "";
  return fmt::format(R"( stroke-dasharray="{0:.0f} {0:.0f}")", 1.5 * style.dash);
}

std::string curve_svg(const FlipCurve& curve, std::span<const double> fraction,
                      const Scale& scale) {
  const CurveStyle& style = style_of(curve.name);
  const CurveBand band(curve.scores);
  std::string svg;
  if (curve.scores.rows > 1) {
    svg += fmt::format(R"(<polygon class="band {}" points="{}{}" />)", style.name,
                       points(fraction, band.high, scale), points(fraction, band.low, scale, true));
  }
  return svg + fmt::format(R"(<polyline class="line {}" points="{}"{} />)", style.name,
                           points(fraction, band.mean, scale), dashes(style));
}

std::string area_row(const FlipCurve& curve) {
  const CurveStyle& style = style_of(curve.name);
  return fmt::format(
      R"(<tr><th scope="row"><svg aria-hidden="true"><line class="line {}" x1="0" x2="100%" )"
      R"(y1="50%" y2="50%"{} /></svg> {}</th><td class="number">{:.4g}</td></tr>)"
      "\n",
      style.name, dashes(style), escape_html(style.label), curve.mean_auc());
}

}  // namespace

std::string curves_html(const FlipResult& result, const std::string& name) {
  const Flipping& flipping = result.flipping;
  std::vector<const Array2d<double>*> scores;
  for (const FlipCurve& curve : flipping.curves) scores.push_back(&curve.scores);
  const Scale scale = scale_over(scores);
  std::string curves;
  std::string areas;
  for (const FlipCurve& curve : flipping.curves) {
    curves += curve_svg(curve, flipping.fraction, scale);
    areas += area_row(curve);
  }
  const std::string label = fmt::format(
      "Score of {} as more and more of it is replaced. {}The table beside it has the areas.", name,
      flipping.gains ? "The map " + verdict_of(*flipping.gains) + ". " : "");
  return fmt::format(kCurvesHtml, "score"_a = escape_html(to_string(result.options.score)),
                     "unit"_a = escape_html(to_string(result.options.unit)),
                     "value_axis"_a = value_axis(scale), "fraction_axis"_a = fraction_axis(),
                     "label"_a = escape_html(label), "curves"_a = curves, "areas"_a = areas);
}

}  // namespace relax_spectro::render
