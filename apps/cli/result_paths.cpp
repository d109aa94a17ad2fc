#include "cli/result_paths.hpp"

#include <optional>

#include "relax_spectro/render/explanation_figure.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/results/result_file.hpp"
#include "relax_spectro/results/stored_explanation.hpp"

namespace relax_spectro::cli {

void ResultPaths::refuse_existing(Overwrite overwrite) const {
  relax_spectro::refuse_existing(with("npz"), overwrite);
  relax_spectro::refuse_existing(with("json"), overwrite);
  if (has_figure()) relax_spectro::refuse_existing(with(figure_format), overwrite);
}

void ResultPaths::write(const Explanation& explanation, const ExplainOptions& options,
                        const ModelCard& card, const Provenance& provenance,
                        Overwrite overwrite) const {
  std::optional<OutputFile> figure;
  if (has_figure()) {
    figure.emplace(with(figure_format), overwrite);
    draw_figure(
        figure->temporary_path(),
        explanation_figure(explanation, options, card, provenance.input.path.filename().string()));
  }
  write_result(stem, explanation, options, card, provenance, overwrite,
               figure ? &*figure : nullptr);
}

void ResultPaths::add_figure(const ExplainOptions& options, const ModelCard& card,
                             const std::string& title) const {
  if (!has_figure() || std::filesystem::exists(with(figure_format))) return;
  OutputFile figure(with(figure_format), Overwrite::no);
  draw_figure(figure.temporary_path(),
              explanation_figure(read_explanation(with("json")), options, card, title));
  figure.commit();
}

}  // namespace relax_spectro::cli
