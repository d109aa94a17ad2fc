#include "relax_spectro/render/explanation_figure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "map_panel.hpp"
#include "results/verdict.hpp"

namespace relax_spectro {
namespace {

FigurePanel spectrogram_panel(const Spectrogram& spectrogram) {
  return {"Input: log-mel spectrogram", "model's units", converted<double>(spectrogram.values)};
}

/// The number of masks for each window: "640", or "512-1024" if windows differ.
std::string count_text(const Explanation& explanation) {
  const auto [fewest, most] = std::ranges::minmax_element(
      explanation.windows, {}, [](const WindowSummary& window) { return window.masks; });
  if (fewest->masks == most->masks) return std::to_string(most->masks);
  return fmt::format("{}-{}", fewest->masks, most->masks);
}

/// A window in bins: "16x16 bins", or "2-36x20 bins" for one in Hertz.
std::string bins_text(const SizeSummary& size) {
  // A window counted in bins has fewer at the far edge, which is not worth a remark.
  if (size.window.frequency.unit != SizeUnit::hertz) {
    return fmt::format("{}x{} bins", size.most_bins.rows, size.most_bins.columns);
  }
  return fmt::format("{}-{}x{} bins", size.fewest_bins.rows, size.most_bins.rows,
                     size.most_bins.columns);
}

/// A window in bins and units: "16x16 bins (0.16 s)", "2-36x20 bins (1000 Hz x 0.2 s)". A count of
/// bands has no size in Hertz, because that depends on the position.
std::string size_text(const SizeSummary& size, const FrontEndConfig& front_end) {
  const double frame_s = static_cast<double>(front_end.hop_samples) / front_end.sample_rate_hz;
  std::string bands;
  if (size.window.frequency.unit == SizeUnit::all) bands = "all bands x ";
  if (size.window.frequency.unit == SizeUnit::hertz) {
    bands = fmt::format("{:.6g} Hz x ", size.window.frequency.value);
  }
  return fmt::format("{} ({}{:.3g} s)", bins_text(size), bands,
                     static_cast<double>(size.most_bins.columns) * frame_s);
}

std::string mask_text(const Explanation& explanation, const MaskOptions& masks,
                      const ModelCard& card) {
  const std::string count = count_text(explanation);
  if (explanation.sizes.size() > 1) {
    return fmt::format("windows of {} sizes", explanation.sizes.size());
  }
  if (!explanation.sizes.empty()) {
    const SizeSummary& size = explanation.sizes.front();
    return fmt::format("{} windows {}, every {}", count, size_text(size, card.front_end),
                       to_string(size.stride));
  }
  return masks.text(count, explanation.method.grid, explanation.method.layout.edges);
}

/// The place of the largest drop: "1.20-1.36 s, 2.1-2.9 kHz".
std::string box_text(const TimeFrequencyBox& box) {
  const bool is_high = box.high_hz >= 1000.0;
  return fmt::format("{:.2f}-{:.2f} s, {:.{}f}-{:.{}f} {}", box.begin_s, box.end_s,
                     is_high ? box.low_hz / 1000.0 : box.low_hz, is_high ? 2 : 0,
                     is_high ? box.high_hz / 1000.0 : box.high_hz, is_high ? 2 : 0,
                     is_high ? "kHz" : "Hz");
}

/// One panel for each size of a sweep, with the place of the largest drop.
std::vector<FigurePanel> size_panels(const Result& result) {
  const Explanation& explanation = result.explanation;
  std::vector<FigurePanel> panels;
  for (std::size_t i = 0; i < explanation.sizes.size(); ++i) {
    const SizeSummary& size = explanation.sizes[i];
    const bool is_steepest = i == explanation.steepest_size;
    FigurePanel panel = map_panel(result, "contrast", size.importance);
    panel.title = fmt::format("{}{}: largest drop {:.3g} at {}{}", is_steepest ? "\u25b6 " : "",
                              size_text(size, result.card.front_end), size.largest_drop,
                              box_text(size.largest_drop_at),
                              is_steepest ? ", the largest of all sizes" : "");
    panel.unit = "mean drop of " + panel.unit;
    panel.outline = size.largest_drop_at;
    panels.push_back(std::move(panel));
  }
  return panels;
}

/// The map and its uncertainty.
std::vector<FigurePanel> map_panels(const Result& result) {
  const Explanation& explanation = result.explanation;
  std::vector<FigurePanel> panels{
      map_panel(result, "contrast", explanation.contrast),
      map_panel(result, "uncertainty", explanation.saliency.uncertainty)};
  if (explanation.repeat) {
    panels.push_back(map_panel(result, "repeat_probability", explanation.repeat->probability));
    panels.push_back(map_panel(result, "repeat_uncertainty", explanation.repeat->uncertainty));
  }
  return panels;
}

}  // namespace

Figure explanation_figure(const Result& result) {
  const auto& [provenance, card, options, explanation] = result;
  Figure figure;
  figure.title = provenance.input.path.filename().string();
  if (const auto& reference = provenance.reference) {
    figure.title += ", compared with " + reference->path.filename().string();
  }
  if (std::string heard = heard_text(explanation); !heard.empty()) figure.subtitle = heard + "\n";
  figure.subtitle +=
      fmt::format("{}  ·  {}  ·  fill {}", card.name, mask_text(explanation, options.masks, card),
                  to_string(options.fill));
  figure.panels = explanation.sizes.size() > 1 ? size_panels(result) : map_panels(result);
  figure.notes = warning_notes(explanation.warnings);
  figure.notes.insert(figure.notes.begin(), resolution_of(result) + ".");
  figure.panels.insert(figure.panels.begin(), spectrogram_panel(explanation.spectrogram));
  figure.time_s = explanation.spectrogram.time_s;
  figure.frequency_hz = explanation.spectrogram.frequency_hz;
  return figure;
}

Figure spectrogram_figure(const Spectrogram& spectrogram, const ModelCard& card,
                          const std::string& title) {
  return {title,
          "input of " + card.name,
          {spectrogram_panel(spectrogram)},
          spectrogram.time_s,
          spectrogram.frequency_hz};
}

}  // namespace relax_spectro
