#include "map_panel.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>

#include "base/parse_number.hpp"
#include "base/require.hpp"
#include "results/contrast_error.hpp"
#include "results/mask_cells.hpp"

namespace relax_spectro {
namespace {

/// The measured class if it is the same in all windows, by its label.
std::optional<std::string> common_class(const Result& result) {
  const std::vector<WindowSummary>& windows = result.explanation.windows;
  const std::optional<std::string> first = measured_class(result.card, windows.front());
  const bool agree = std::ranges::all_of(windows, [&](const WindowSummary& window) {
    return measured_class(result.card, window) == first;
  });
  return agree ? first : std::nullopt;
}

std::string unit_of(const Result& result) {
  switch (result.options.score.kind) {
    case ScoreKind::cosine:
      return "cosine";
    case ScoreKind::dot:
      return "dot product";
    case ScoreKind::l2:
      return "minus distance";
    case ScoreKind::logit:
      return "logit";
    case ScoreKind::probability:
      return "probability";
  }
  return "score";
}

std::string contrast_title(const Result& result) {
  const std::string score = score_words(result);
  if (!result.explanation.sizes.empty()) return "Mean drop of the " + score;
  if (result.options.masks.grid.adaptive) {
    return fmt::format(
        "Importance: what a 49th of the window would add to the {}, were it all like this", score);
  }
  return "Importance: what keeping a part adds to the " + score;
}

struct Words {
  std::string title;
  std::string unit;
};

Words words_of(const Result& result, const std::string& name) {
  const std::string score = score_words(result);
  const std::string unit = unit_of(result);
  if (name == "contrast") return {contrast_title(result), unit};
  if (name == "importance") return {"Importance: mean " + score + " while a part is kept", unit};
  if (name == "uncertainty") {
    const bool is_variance = result.options.uncertainty == UncertaintyScale::variance;
    return {
        "RELAX uncertainty: variance of the score while a part is kept (not the error of the map)",
        (is_variance ? "variance of " : "unnormalised variance of ") + unit};
  }
  if (name == "standard_error") return {"Standard error of the importance", unit};
  if (name == "u_relax") return {"Importance where the uncertainty is at most its median", unit};
  if (name == "repeat_probability") return {"REPEAT: probability of being salient", "p"};
  return {"REPEAT: uncertainty", "p (1 \u2212 p)"};
}

bool is_made_of_noise(const WindowSummary& window) {
  return window.all_silent() || !window.resolved();
}

/// Times that only windows without a map cover, each with the reason.
std::vector<Veil> veils_of(const Explanation& explanation) {
  constexpr const char* kSilent = "digital silence";
  constexpr const char* kUnresolved = "unresolved: not above its noise";
  const std::vector<double>& time_s = explanation.spectrogram.time_s;
  std::vector<const char*> reasons(time_s.size(), nullptr);
  for (const WindowSummary& window : explanation.windows) {
    if (!is_made_of_noise(window)) continue;
    const auto part = std::span(reasons).subspan(window.frames.begin, window.frames.count);
    std::ranges::fill(part, window.all_silent() ? kSilent : kUnresolved);
  }
  for (const WindowSummary& window : explanation.windows) {
    if (is_made_of_noise(window)) continue;
    const auto part = std::span(reasons).subspan(window.frames.begin, window.frames.count);
    std::ranges::fill(part, nullptr);
  }
  std::vector<Veil> veils;
  for (std::size_t t = 0; t < time_s.size(); ++t) {
    if (reasons[t] == nullptr) continue;
    if (t == 0 || reasons[t] != reasons[t - 1]) veils.push_back({time_s[t], time_s[t], reasons[t]});
    veils.back().end_s = time_s[t];
  }
  return veils;
}

/// Where the cells of a drawn grid begin and end. A mask shifts them by some bins at most, except
/// in the family `rise`, where they have no place. So they have none here either.
void add_cell_edges(const Result& result, PanelMarks& marks) {
  const Explanation& explanation = result.explanation;
  const bool has_place = result.options.masks.family != MaskFamily::rise &&
                         !result.options.masks.grid.adaptive && explanation.sizes.empty();
  if (!has_place) return;
  const Spectrogram& axes = explanation.spectrogram;
  const auto [rows, columns] = explanation.method.grid;
  const auto share = [](std::size_t count, std::size_t i, std::size_t parts) {
    return static_cast<std::size_t>(
        std::lround(static_cast<double>(count * i) / static_cast<double>(parts)));
  };
  for (const WindowSummary& window : explanation.windows) {
    for (std::size_t i = 1; i < columns; ++i) {
      const std::size_t frame = window.frames.begin + share(window.frames.count, i, columns);
      marks.cell_edges_s.push_back(box_around(axes, {0, 1}, {frame, frame + 1}).begin_s);
    }
  }
  std::ranges::sort(marks.cell_edges_s);
  const FrontEndConfig& front_end = result.card.front_end;
  for (std::size_t i = 1; i < rows; ++i) {
    if (explanation.method.layout.even_in_hertz) {
      marks.cell_edges_hz.push_back(std::lerp(front_end.low_hz, front_end.high_hz,
                                              static_cast<double>(i) / static_cast<double>(rows)));
    } else {
      const std::size_t band = share(axes.frequency_hz.size(), i, rows);
      marks.cell_edges_hz.push_back(box_around(axes, {band, band + 1}, {0, 1}).low_hz);
    }
  }
}

PanelMarks marks_of(const Result& result) {
  const Explanation& explanation = result.explanation;
  const Spectrogram& axes = explanation.spectrogram;
  PanelMarks marks;
  add_cell_edges(result, marks);
  for (const WindowSummary& window : explanation.windows) {
    const std::size_t begin = window.frames.begin;
    if (begin > 0) marks.seams_s.push_back(box_around(axes, {0, 1}, {begin, begin + 1}).begin_s);
    for (const AdaptiveCell& cell : window.cells) {
      marks.cells.push_back(box_around(axes, {cell.first_band, cell.first_band + cell.bands},
                                       {cell.first_frame, cell.first_frame + cell.frames}));
    }
  }
  return marks;
}

/// Masks over time alone give each band the same map. Over frequency alone, that is so within a
/// window.
PanelKind kind_of(const Result& result) {
  const MaskFamily family = result.options.masks.family;
  if (result.provenance.masks_file || result.explanation.sizes.size() > 0) {
    return PanelKind::picture;
  }
  if (family == MaskFamily::time) return PanelKind::time_curve;
  const bool is_one = result.explanation.windows.size() == 1;
  return family == MaskFamily::frequency && is_one ? PanelKind::frequency_curve
                                                   : PanelKind::picture;
}

/// How many standard errors noise reaches.
double reach_of_noise(const Result& result, const Fade& fade) {
  if (!fade.family_wise) return fade.standard_errors;
  const Explanation& explanation = result.explanation;
  const auto degrees = static_cast<double>(degrees_of_freedom(explanation));
  if (degrees == 0.0) return 0.0;
  const Shape2d grid = explanation.method.grid;
  double cells = static_cast<double>(grid.rows * grid.columns * explanation.windows.size());
  if (result.options.masks.grid.adaptive) {
    cells = static_cast<double>(mask_cells(result).adaptive.size());
  }
  constexpr double kChance = 0.05;
  return largest_by_chance(cells, degrees, kChance);
}

}  // namespace

Fade parse_fade(std::string_view text) {
  if (text == "family-wise") return {0.0, true};
  const double number = core::parse_number(text, "--fade");
  core::require(number >= 0.0,
                fmt::format("--fade is {}; expected 0 or more, or family-wise", text));
  return {number, false};
}

std::string score_words(const Result& result) {
  const auto& reference = result.provenance.reference;
  const std::string other = reference ? reference->path.filename().string() : "the whole input";
  switch (result.options.score.kind) {
    case ScoreKind::cosine:
      return fmt::format("similarity to {} (cosine)", other);
    case ScoreKind::dot:
      return fmt::format("dot product with {}", other);
    case ScoreKind::l2:
      return fmt::format("closeness to {} (minus distance)", other);
    case ScoreKind::logit:
    case ScoreKind::probability:
      break;
  }
  std::string differing = result.options.score.class_name;  // "top", or "top-rain"
  if (differing.starts_with("top")) differing.insert(3, " class");
  return fmt::format("{} of {}", unit_of(result),
                     common_class(result).value_or("each window's " + differing));
}

std::string shared_unit(const Result& result) {
  const ScoreKind kind = result.options.score.kind;
  const bool is_of_every_model = kind == ScoreKind::cosine || kind == ScoreKind::probability;
  return fmt::format("{} {}", unit_of(result),
                     is_of_every_model ? "" : result.provenance.model_hashes());
}

FigurePanel map_panel(const Result& result, const std::string& name, Array2d<double> values,
                      const Fade& fade) {
  const Explanation& explanation = result.explanation;
  const Words words = words_of(result, name);
  FigurePanel panel{words.title, words.unit, std::move(values)};
  panel.frequency_hz = explanation.spectrogram.frequency_hz;
  panel.kind = kind_of(result);
  panel.marks = marks_of(result);
  if (name != "standard_error") panel.marks.veils = veils_of(explanation);
  if (name != "contrast") return panel;
  panel.is_signed = true;
  panel.standard_error = contrast_errors(explanation);
  panel.fade_below = reach_of_noise(result, fade);
  if (panel.kind != PanelKind::picture) panel.unit += " \u00B1 2 standard errors";
  return panel;
}

std::vector<std::string> warning_notes(const std::vector<std::string>& warnings) {
  constexpr std::size_t kMost = 5;
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < std::min(kMost, warnings.size()); ++i) {
    notes.push_back("Warning: " + warnings[i] + ".");
  }
  if (warnings.size() > kMost) {
    notes.push_back(fmt::format("{} more warnings are in the JSON.", warnings.size() - kMost));
  }
  return notes;
}

}  // namespace relax_spectro
