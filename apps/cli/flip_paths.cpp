#include "cli/flip_paths.hpp"

#include <fmt/format.h>

#include <optional>

#include "relax_spectro/evaluation/flip_verdict.hpp"
#include "relax_spectro/render/flip_figure.hpp"

namespace relax_spectro::cli {

void FlipPaths::refuse_existing(Overwrite overwrite) const {
  relax_spectro::refuse_existing(with("npz"), overwrite);
  relax_spectro::refuse_existing(with("json"), overwrite);
  if (has_figure()) relax_spectro::refuse_existing(with(figure_format), overwrite);
}

void FlipPaths::write(const Flipping& flipping, const FlipOptions& options,
                      const FlipSource& source, Overwrite overwrite) const {
  std::optional<OutputFile> figure;
  if (has_figure()) {
    figure.emplace(with(figure_format), overwrite);
    draw_flip_figure(figure->temporary_path(),
                     flip_figure(flipping, options, source.input.path.filename().string()));
  }
  write_flipping(stem, flipping, options, source, overwrite, figure ? &*figure : nullptr);
}

void FlipPaths::add_figure(const std::string& title) const {
  if (!has_figure() || std::filesystem::exists(with(figure_format))) return;
  OutputFile figure(with(figure_format), Overwrite::no);
  draw_flip_figure(figure.temporary_path(), flip_figure(read_flipping(with("json")), title));
  figure.commit();
}

std::string flip_line(const FlipPaths& paths, const Flipping& flipping) {
  std::string line = paths.shown().string() + ":";
  if (flipping.gains) return line + " " + verdict_of(*flipping.gains);
  for (const FlipCurve& curve : flipping.curves) {
    line += fmt::format(" {} AUC {:.6g}", curve.name, curve.mean_auc());
  }
  return line;
}

}  // namespace relax_spectro::cli
