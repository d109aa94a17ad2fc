#pragma once

#include <filesystem>
#include <string>

#include "relax_spectro/evaluation/flipping.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/flip_file.hpp"

namespace relax_spectro::cli {

/// What the test of one map is written to: NAME.flip.npz, NAME.flip.json and a figure.
struct FlipPaths {
  std::filesystem::path stem;  ///< folder/NAME.flip
  std::string figure_format;   ///< png, svg, pdf or none

  [[nodiscard]] std::filesystem::path with(const std::string& ending) const {
    return stem.string() + "." + ending;
  }
  [[nodiscard]] bool has_figure() const { return figure_format != "none"; }
  /// What is named to the user: the figure, or else the arrays.
  [[nodiscard]] std::filesystem::path shown() const {
    return with(has_figure() ? figure_format : "npz");
  }

  /// @throws IoError  one of the files is there already and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;

  /// Writes all files; they take their places together, the JSON last. @throws IoError
  void write(const Flipping& flipping, const FlipOptions& options, const FlipSource& source,
             Overwrite overwrite) const;

  /// Draws the figure of a test that is there without it. @throws IoError
  void add_figure(const std::string& title) const;
};

/// The line that is printed of it: its file, and the verdict or the areas.
[[nodiscard]] std::string flip_line(const FlipPaths& paths, const Flipping& flipping);

}  // namespace relax_spectro::cli
