#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/flip_result.hpp"

namespace relax_spectro::cli {

/// What a result, or the test of one, is written to, all under one name: NAME.npz, NAME.json and a
/// figure.
struct ResultPaths {
  std::filesystem::path stem;  ///< folder/NAME
  std::string figure_format;   ///< png, svg, pdf or none

  [[nodiscard]] std::filesystem::path with(const std::string& ending) const {
    return stem.string() + "." + ending;
  }
  [[nodiscard]] bool has_figure() const { return figure_format != "none"; }
  /// What is named to the user: the figure, or else the arrays.
  [[nodiscard]] std::filesystem::path shown() const {
    return with(has_figure() ? figure_format : "npz");
  }
  /// Those of the pixel flipping of a result.
  [[nodiscard]] ResultPaths flip() const { return {stem.string() + ".flip", figure_format}; }

  /// @throws IoError  one of the files is there already and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;

  /// Writes all files; they take their places together, the JSON last. @throws IoError
  void write(const Result& result, Overwrite overwrite) const;
  void write(const FlipResult& result, Overwrite overwrite) const;
  /// The same of anything.
  /// @param draw    draws the figure at a path.
  /// @param commit  writes the other files, and moves the figure with them; null: there is none.
  void write(Overwrite overwrite, const std::function<void(const std::filesystem::path&)>& draw,
             const std::function<void(OutputFile* figure)>& commit) const;

  /// Draws the figure of a result, or of a flipping, that is there without it. @throws IoError
  void add_result_figure() const;
  void add_flip_figure() const;

 private:
  void add_figure(const std::function<void(const std::filesystem::path&)>& draw) const;
};

/// The line that is printed of a flipping: its file, and the verdict or the areas.
[[nodiscard]] std::string flip_line(const ResultPaths& paths, const Flipping& flipping);

}  // namespace relax_spectro::cli
