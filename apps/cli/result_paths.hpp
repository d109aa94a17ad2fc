#pragma once

#include <filesystem>
#include <string>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model_card.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro::cli {

/// One recording's results, all under one name.
struct ResultPaths {
  std::filesystem::path stem;
  std::string figure_format;  ///< png, svg, pdf or none

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

  /// Writes all files of a result; they take their places together, the JSON last.
  /// @throws IoError
  void write(const Explanation& explanation, const ExplainOptions& options, const ModelCard& card,
             const Provenance& provenance, Overwrite overwrite) const;

  /// Draws the figure of a result that is there without it. @throws IoError
  void add_figure(const ExplainOptions& options, const ModelCard& card,
                  const std::string& title) const;
};

}  // namespace relax_spectro::cli
