#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/flip_result.hpp"

namespace relax_spectro::cli {

/// The files of a result, or of its test: NAME.npz, NAME.json and a figure.
struct ResultPaths {
  std::filesystem::path stem;  ///< folder/NAME
  std::string figure_format;   ///< png, svg, pdf or none

  [[nodiscard]] std::filesystem::path with(const std::string& ending) const {
    return stem.string() + "." + ending;
  }
  [[nodiscard]] bool has_figure() const { return figure_format != "none"; }
  /// The file that is printed: the figure, or else the arrays.
  [[nodiscard]] std::filesystem::path shown() const {
    return with(has_figure() ? figure_format : "npz");
  }
  /// The files of the pixel flipping of a result.
  [[nodiscard]] ResultPaths flip() const { return {stem.string() + ".flip", figure_format}; }

  /// @throws IoError  one of the files already exists and may not be overwritten.
  void refuse_existing(Overwrite overwrite) const;

  /// Writes all files. They are moved into place together, the JSON last. @throws IoError
  void write(const Result& result, Overwrite overwrite) const;
  void write(const FlipResult& result, Overwrite overwrite) const;
  /// The same for other kinds of results.
  /// @param draw    draws the figure at a path.
  /// @param commit  writes the other files, and moves the figure with them. Null: there is none.
  void write(Overwrite overwrite, const std::function<void(const std::filesystem::path&)>& draw,
             const std::function<void(OutputFile* figure)>& commit) const;

  /// Draws the missing figure of an existing result, or of its flipping. @throws IoError
  void add_result_figure() const;
  void add_flip_figure() const;

 private:
  void add_figure(const std::function<void(const std::filesystem::path&)>& draw) const;
};

/// The line to print about a result: its file, what was heard, and the verdict.
/// @param gains  of its pixel flipping, or null.
[[nodiscard]] std::string result_line(const ResultPaths& paths, const Result& result,
                                      const FlipGains* gains = nullptr);

/// The line to print about a flipping: its file, and the verdict or the areas.
[[nodiscard]] std::string flip_line(const ResultPaths& paths, const Flipping& flipping);

}  // namespace relax_spectro::cli
