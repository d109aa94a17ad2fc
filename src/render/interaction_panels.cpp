#include "interaction_panels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace relax_spectro::render {
namespace {

constexpr std::size_t kMostArcs = 10;
constexpr const char* kNoMatrix = "There are too many parts for a matrix: the CSV has all pairs.";

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

/// A power of ten so that the largest interaction has a digit before the point. 1 if it is at least
/// 0.1, or mere rounding.
double power_of_ten(const PairEffects& effects) {
  const CellPair largest = pairs_by_size(effects).front();
  const double value = std::abs(effects.interaction(largest.first, largest.second));
  if (value >= 0.1 || !is_more_than_rounding(effects, largest)) return 1.0;
  return std::pow(10.0, std::floor(std::log10(value)));
}

}  // namespace

Figure parts_figure(const InteractionResult& result, const Spectrogram& spectrogram) {
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
  figure.notes.emplace_back(kSignsOfPairs);
  if (arcs > 0) figure.notes.push_back(fmt::format("Arcs: the {} strongest pairs.", arcs));
  figure.notes.emplace_back(groups.size() > kMostGroupsInMatrix ? kNoMatrix : kDiagonal);
  return figure;
}

Matrix interaction_matrix(const PairEffects& effects, const std::vector<CellGroup>& groups) {
  const std::size_t count = groups.size();
  Matrix matrix{effects.interaction, {}, {}, "", "", "score", {}};
  matrix.faded = Array2d<double>(count, count);
  const double power = power_of_ten(effects);
  if (power != 1.0) matrix.unit = fmt::format("score (unit {:g})", power);
  double largest = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    matrix.rows.push_back(group_text(groups, i));
    for (std::size_t j = 0; j < count; ++j) {
      const double value = matrix.values(i, j) /= power;
      largest = std::max(largest, std::abs(value));
      if (effects.p_adjusted && i != j && (*effects.p_adjusted)(i, j) > 0.05)
        matrix.faded(i, j) = 1.0;
      matrix.texts.push_back({fmt::format("{:+.2f}", i == j ? effects.main[i] / power : value)});
    }
    matrix.values(i, i) = std::numeric_limits<double>::quiet_NaN();
  }
  matrix.columns = matrix.rows;
  matrix.scale = {-largest, largest, true};
  return matrix;
}

}  // namespace relax_spectro::render
