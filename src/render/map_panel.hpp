#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/render/figure.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro {

/// When a bin of the contrast is within its noise, and so is faded.
struct Fade {
  double standard_errors = 2.0;  ///< fewer than this; 0: nothing is faded
  /// Instead, so few that by chance a single bin of the map would be above with a probability of
  /// 0.05: see largest_by_chance().
  bool family_wise = false;
};

/// Reads `family-wise`, or a number of standard errors, 0 or more. @throws ConfigError
[[nodiscard]] Fade parse_fade(std::string_view text);

/// What the score of a result measures, in words: "logit of dog bark", "similarity to the whole
/// input (cosine)".
[[nodiscard]] std::string score_words(const Result& result);

/// Scores with the same text have the same unit, so their maps can share a colour scale. A cosine and
/// a probability mean the same for every model.
[[nodiscard]] std::string shared_unit(const Result& result);

/// The panel of an array of a result. It has its title, unit and colours, what is faded, where
/// there is no map, and where windows and cells begin. Maps over one axis are curves.
/// @param name    of the array: see data/FORMAT.md.
/// @param values  the array.
/// @param result  with its axes, and for the contrast also with its array standard_error.
[[nodiscard]] FigurePanel map_panel(const Result& result, const std::string& name,
                                    Array2d<double> values, const Fade& fade = {});

/// Warnings as notes below a figure: the first of them, and how many more there are.
[[nodiscard]] std::vector<std::string> warning_notes(const std::vector<std::string>& warnings);

}  // namespace relax_spectro
