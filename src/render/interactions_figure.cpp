#include "interactions_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "canvas.hpp"
#include "figure_on_page.hpp"
#include "interaction_panels.hpp"
#include "matrix_panel.hpp"
#include "page_file.hpp"
#include "relax_spectro/render/figure.hpp"

namespace relax_spectro {
namespace {

using namespace render;

constexpr std::size_t kMostLabels = 12;
constexpr const char* kSignsOfDifference =
    "Above 0 (brown): the model named first needs both parts more. Below 0 (blue): less.";

}  // namespace

void draw_interactions_figure(const std::filesystem::path& path, const InteractionResult& result,
                              const Spectrogram& spectrogram) {
  const Figure figure = parts_figure(result, spectrogram);
  const std::vector<CellGroup>& groups = result.found.groups;
  if (groups.size() > kMostGroupsInMatrix) {
    draw_figure(path, figure);
    return;
  }
  const MatrixPanel matrix(interaction_matrix(result.found.effects, groups),
                           figure_height(figure) + kPanelTitleHeight);
  write_page(path, matrix.bottom() + kMargin, [&](cairo_t* cr, double pixels_per_point) {
    draw_on_page(cr, figure, pixels_per_point);
    draw_panel_title(cr, "Interactions of pairs", matrix.box());
    matrix.draw(cr, pixels_per_point);
  });
}

void draw_label_interactions(const std::filesystem::path& path, bool is_difference,
                             const std::string& models, std::span<const MeanEffects> labels,
                             const std::vector<CellGroup>& groups) {
  std::vector<MatrixPanel> panels;
  const std::string title =
      is_difference ? "Interactions that differ between models" : "Interactions by label";
  const std::string meaning = fmt::format(
      "{}\n{}\n{}", models, is_difference ? kSignsOfDifference : kSignsOfPairs, kDiagonal);
  double bottom = header_height(title, meaning);
  for (const MeanEffects& mean : labels.first(std::min(labels.size(), kMostLabels))) {
    Matrix matrix = interaction_matrix(mean.effects, groups);
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
