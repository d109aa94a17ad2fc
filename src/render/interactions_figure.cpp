#include "interactions_figure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "canvas.hpp"
#include "figure_on_page.hpp"
#include "matrix_panel.hpp"
#include "page_file.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr std::size_t kMostGroupsInMatrix = 40;
constexpr std::size_t kMostLabels = 12;
constexpr std::size_t kMostArcs = 10;
constexpr const char* kSigns =
    "Above 0 (brown): the model needs both parts. Below 0 (blue): either is enough.";
constexpr const char* kSignsOfDifference =
    "Above 0 (brown): parts are needed together more than there. Below 0 (blue): less.";
constexpr const char* kDiagonal =
    "On the diagonal: what a part adds. Faded: not told from chance (p > .05 over all pairs).";

/// The score, with the class that `top` stands for.
std::string score_text(const InteractionResult& result) {
  std::string text = to_string(result.options.score);
  if (!result.options.score.is_of_top_class() || result.found.heard.empty()) return text;
  return text + ": " + class_name(result.found.heard[0]);
}

/// The largest pairs beyond chance, in a grid over time and frequency. In other grids arcs would lie
/// on one line, and the rest around annotated boxes has no place.
std::vector<PairArc> arcs_of(const InteractionResult& result) {
  const Interactions& found = result.found;
  const AxisSize one(1);
  std::vector<PairArc> arcs;
  if (result.boxes || result.options.grid.frequency == one || result.options.grid.time == one) {
    return arcs;
  }
  for (const CellPair& pair : pairs_by_size(found.effects)) {
    if (arcs.size() == kMostArcs) break;
    if (!is_shown(found.effects, pair)) continue;
    arcs.push_back({found.groups[pair.first].box, found.groups[pair.second].box,
                    found.effects.interaction(pair.first, pair.second)});
  }
  return arcs;
}

Figure spectrogram_figure(const InteractionResult& result, const Spectrogram& spectrogram) {
  const std::vector<CellGroup>& groups = result.found.groups;
  Figure figure;
  figure.title = result.provenance.input.path.filename().string() + ": interactions";
  figure.subtitle =
      fmt::format("{}, {}, other parts {}, {} masks", result.card.name, score_text(result),
                  result.options.context == PairContext::average ? "kept or masked" : "kept",
                  result.found.patterns.kept.rows);
  figure.time_s = spectrogram.time_s;
  figure.frequency_hz = spectrogram.frequency_hz;
  FigurePanel panel{"Input of the model, and the parts that are masked", "log-mel",
                    converted<double>(spectrogram.values)};
  for (const CellGroup& group : groups) panel.marks.cells.push_back(group.box);
  if (result.boxes) panel.marks.cells.pop_back();  // the rest
  panel.marks.arcs = arcs_of(result);
  const std::size_t arcs = panel.marks.arcs.size();
  figure.panels.push_back(std::move(panel));
  figure.notes.push_back(verdict_of(result.found));
  figure.notes.emplace_back(kSigns);
  if (arcs > 0) figure.notes.push_back(fmt::format("Arcs: the {} strongest pairs.", arcs));
  figure.notes.emplace_back(kDiagonal);
  return figure;
}

Matrix matrix_of(const PairEffects& effects, const std::vector<CellGroup>& groups) {
  const std::size_t count = groups.size();
  Matrix matrix{effects.interaction, {}, {}, "", "", "score", {}};
  matrix.faded = Array2d<double>(count, count);
  double largest = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    matrix.rows.push_back(group_text(groups, i));
    for (std::size_t j = 0; j < count; ++j) {
      const double value = effects.interaction(i, j);
      largest = std::max(largest, std::abs(value));
      if (effects.p_adjusted && i != j && (*effects.p_adjusted)(i, j) > 0.05)
        matrix.faded(i, j) = 1.0;
      matrix.texts.push_back({fmt::format("{:+.2f}", i == j ? effects.main[i] : value)});
    }
    matrix.values(i, i) = std::numeric_limits<double>::quiet_NaN();
  }
  matrix.columns = matrix.rows;
  matrix.scale = {-largest, largest, true};
  return matrix;
}

}  // namespace

void draw_interactions_figure(const std::filesystem::path& path, const InteractionResult& result,
                              const Spectrogram& spectrogram) {
  const Figure figure = spectrogram_figure(result, spectrogram);
  const std::vector<CellGroup>& groups = result.found.groups;
  if (groups.size() > kMostGroupsInMatrix) {
    draw_figure(path, figure);
    return;
  }
  const MatrixPanel matrix(matrix_of(result.found.effects, groups),
                           figure_height(figure) + kPanelTitleHeight);
  write_page(path, matrix.bottom() + kMargin, [&](cairo_t* cr, double pixels_per_point) {
    draw_on_page(cr, figure, pixels_per_point);
    draw_panel_title(cr, "Interactions of pairs", matrix.box());
    matrix.draw(cr, pixels_per_point);
  });
}

void draw_label_interactions(const std::filesystem::path& path,
                             const std::optional<std::string>& against,
                             std::span<const MeanEffects> labels,
                             const std::vector<CellGroup>& groups) {
  std::vector<MatrixPanel> panels;
  const std::string title =
      against ? "Interactions less those in " + *against : "Interactions by label";
  const std::string meaning =
      fmt::format("{}\n{}", against ? kSignsOfDifference : kSigns, kDiagonal);
  double bottom = header_height(title, meaning);
  for (const MeanEffects& mean : labels.first(std::min(labels.size(), kMostLabels))) {
    Matrix matrix = matrix_of(mean.effects, groups);
    if (!mean.effects.p_adjusted) std::ranges::fill(matrix.faded.values, 1.0);  // one group only
    panels.emplace_back(std::move(matrix), bottom + kPanelTitleHeight);
    bottom = panels.back().bottom() + kMargin;
  }
  write_page(path, bottom, [&](cairo_t* cr, double pixels_per_point) {
    draw_header(cr, title, meaning);
    for (std::size_t i = 0; i < panels.size(); ++i) {
      draw_panel_title(cr,
                       fmt::format("{} (recordings: {}, groups: {})",
                                   labels[i].label.empty() ? "all" : labels[i].label,
                                   labels[i].recordings, labels[i].groups),
                       panels[i].box());
      panels[i].draw(cr, pixels_per_point);
    }
  });
}

}  // namespace relax_spectro
