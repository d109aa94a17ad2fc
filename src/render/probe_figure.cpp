#include "probe_figure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <vector>

#include "canvas.hpp"
#include "matrix_panel.hpp"
#include "page_file.hpp"
#include "probe/probe_text.hpp"
#include "relax_spectro/render/figure.hpp"
#include "reliability_plot.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr std::size_t kMostClasses = 50;
constexpr double kDiagramSide = 220.0;
constexpr double kSecondDiagram = kPlotLeft + kDiagramSide + 80.0;

/// How often each class was decided for each.
struct Confusions {
  std::string title;
  std::vector<std::string> labels;
  Array2d<double> counts;  ///< [true class, decided class]
};

/// The classes with the most errors, in their order.
std::vector<std::size_t> worst_classes(const Array2d<double>& counts, std::size_t most) {
  std::vector<double> errors(counts.rows, 0.0);
  for (std::size_t i = 0; i < counts.rows; ++i) {
    for (std::size_t j = 0; j < counts.columns; ++j) {
      if (i == j) continue;
      errors[i] += counts(i, j);
      errors[j] += counts(i, j);
    }
  }
  std::vector<std::size_t> classes(counts.rows);
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  std::ranges::stable_sort(classes, std::greater<>{},
                           [&errors](std::size_t k) { return errors[k]; });
  classes.resize(most);
  std::ranges::sort(classes);
  return classes;
}

Confusions confusions_of(const Predictions& predictions) {
  const Array2d<double> counts = confusion_of(predictions);
  if (counts.rows <= kMostClasses) return {"Decisions for each class", predictions.labels, counts};
  const std::vector<std::size_t> shown = worst_classes(counts, kMostClasses - 1);
  Confusions few{fmt::format("Decisions for the {} classes with the most errors", shown.size()),
                 {},
                 Array2d<double>(kMostClasses, kMostClasses)};
  std::vector<std::size_t> places(counts.rows, shown.size());
  for (std::size_t i = 0; i < shown.size(); ++i) {
    few.labels.push_back(predictions.labels[shown[i]]);
    places[shown[i]] = i;
  }
  few.labels.push_back(fmt::format("{} others", counts.rows - shown.size()));
  for (std::size_t i = 0; i < counts.rows; ++i) {
    for (std::size_t j = 0; j < counts.columns; ++j)
      few.counts(places[i], places[j]) += counts(i, j);
  }
  return few;
}

/// Shares of each true class as colours, counts and shares as text.
Matrix matrix_of(const Confusions& confusions) {
  const Array2d<double>& counts = confusions.counts;
  Matrix matrix{Array2d<double>(counts.rows, counts.columns),
                confusions.labels,
                confusions.labels,
                "label",
                "decision",
                "share of the recordings with a label",
                {0.0, 1.0}};
  for (std::size_t i = 0; i < counts.rows; ++i) {
    const double all = std::reduce(counts.row(i).begin(), counts.row(i).end());
    for (std::size_t j = 0; j < counts.columns; ++j) {
      const double share =
          all > 0.0 ? counts(i, j) / all : std::numeric_limits<double>::quiet_NaN();
      matrix.values(i, j) = share;
      matrix.texts.emplace_back();
      if (counts(i, j) > 0.0) {
        matrix.texts.back() = {fmt::format("{}", counts(i, j)), fmt::format("{:.2f}", share)};
      }
    }
  }
  return matrix;
}

}  // namespace

void draw_probe_figure(const std::filesystem::path& path, const Probe& probe,
                       const std::string& title) {
  const Predictions& all = probe.predictions;
  const std::vector<std::string> verdict = wrapped({verdict_of(probe)});
  const std::string subtitle = fmt::format("{}", fmt::join(verdict, "\n"));
  const Confusions confusions = confusions_of(all);
  const MatrixPanel matrix(matrix_of(confusions),
                           header_height(title, subtitle) + kPanelTitleHeight);
  const double diagrams = matrix.bottom() + kMargin + kPanelTitleHeight;
  const Box before{kPlotLeft, diagrams, kDiagramSide, kDiagramSide};
  const Box after{kSecondDiagram, diagrams, kDiagramSide, kDiagramSide};
  const Rows decisions = decisions_of(all.probabilities);
  write_page(path, before.bottom() + kHistogramHeight, [&](cairo_t* cr, double pixels_per_point) {
    draw_header(cr, title, subtitle);
    draw_panel_title(cr, confusions.title, matrix.box());
    matrix.draw(cr, pixels_per_point);
    const auto diagram = [&](const Array2d<double>& probabilities, const char* when,
                             const char* measure, const Box& box) {
      draw_reliability(cr, Certainty(probabilities, all.truth, decisions), all.groups,
                       fmt::format("{} temperature: calibration error {:.3f}", when,
                                   probe.report.at(measure).value),
                       box);
    };
    diagram(all.raw_probabilities, "Before", "raw_ece", before);
    diagram(all.probabilities, "After", "ece", after);
  });
}

}  // namespace relax_spectro
