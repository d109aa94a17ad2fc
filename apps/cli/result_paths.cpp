#include "cli/result_paths.hpp"

#include <fmt/format.h>

#include <optional>

#include "evaluation/flip_verdict.hpp"
#include "relax_spectro/render/explanation_figure.hpp"
#include "relax_spectro/render/figure.hpp"
#include "render/flip_figure.hpp"
#include "results/verdict.hpp"

namespace relax_spectro::cli {

void ResultPaths::refuse_existing(Overwrite overwrite) const {
  relax_spectro::refuse_existing(with("npz"), overwrite);
  relax_spectro::refuse_existing(with("json"), overwrite);
  if (has_figure()) relax_spectro::refuse_existing(with(figure_format), overwrite);
}

void ResultPaths::write(const Result& result, Overwrite overwrite) const {
  write(
      overwrite, [&](const auto& path) { draw_figure(path, explanation_figure(result)); },
      [&](OutputFile* figure) { write_result(stem, result, overwrite, figure); });
}

void ResultPaths::write(const FlipResult& result, Overwrite overwrite) const {
  write(
      overwrite, [&](const auto& path) { draw_flip_figure(path, result); },
      [&](OutputFile* figure) { write_flip(stem, result, overwrite, figure); });
}

void ResultPaths::write(Overwrite overwrite,
                        const std::function<void(const std::filesystem::path&)>& draw,
                        const std::function<void(OutputFile* figure)>& commit) const {
  if (!has_figure()) return commit(nullptr);
  OutputFile figure(with(figure_format), overwrite);
  figure.write_meanwhile(draw);
  commit(&figure);
}

void ResultPaths::add_result_figure() const {
  add_figure([this](const std::filesystem::path& path) {
    Result result = read_result(with("json"));
    read_arrays(with("json"), {"spectrogram", "contrast", "uncertainty", "standard_error", "sizes"},
                result.explanation);
    if (result.options.repeat) read_arrays(with("json"), {"repeat"}, result.explanation);
    draw_figure(path, explanation_figure(result));
  });
}

void ResultPaths::add_flip_figure() const {
  add_figure([this](const std::filesystem::path& path) {
    FlipResult result = read_flip(with("json"));
    read_curves(with("json"), result.flipping);
    draw_flip_figure(path, result);
  });
}

void ResultPaths::add_figure(const std::function<void(const std::filesystem::path&)>& draw) const {
  if (!has_figure() || std::filesystem::exists(with(figure_format))) return;
  OutputFile figure(with(figure_format), Overwrite::no);
  draw(figure.temporary_path());
  figure.commit();
}

std::string result_line(const ResultPaths& paths, const Result& result, const FlipGains* gains) {
  return paths.shown().string() + ": " + said_of(result, gains);
}

std::string flip_line(const ResultPaths& paths, const Flipping& flipping) {
  std::string line = paths.shown().string() + ":";
  if (flipping.gains) return line + " " + verdict_of(*flipping.gains);
  for (const FlipCurve& curve : flipping.curves) {
    line += fmt::format(" {} AUC {:.6g}", curve.name, curve.mean_auc());
  }
  return line;
}

}  // namespace relax_spectro::cli
