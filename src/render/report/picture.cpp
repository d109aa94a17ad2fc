#include "picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

#include "axis.hpp"
#include "html.hpp"
#include "plot_axis.hpp"
#include "png.hpp"
#include "report/templates.hpp"

namespace relax_spectro::render {
namespace {

using namespace fmt::literals;

// Enough for any page; longer recordings are averaged.
constexpr std::size_t kMostRows = 400;
constexpr std::size_t kMostColumns = 1400;

/// An outline of the cell around the map's maximum.
std::string peak_outline(const ReportedRecording& recording) {
  if (!recording.facts.peak) return "";
  const Spectrogram& axes = recording.result.explanation.spectrogram;
  const TimeFrequencyBox& peak = *recording.facts.peak;
  const auto across = [&axes](double seconds) {
    return 100.0 * cell_position(axes.time_s, seconds) / static_cast<double>(axes.time_s.size());
  };
  const auto down = [&axes](double hertz) {
    return 100.0 - 100.0 * cell_position(axes.frequency_hz, hertz) /
                       static_cast<double>(axes.frequency_hz.size());
  };
  std::string outlines;
  for (const char* kind : {"halo", "outline"}) {
    outlines += fmt::format(
        R"(<rect class="{}" x="{:.2f}%" y="{:.2f}%" width="{:.2f}%" height="{:.2f}%" />)", kind,
        across(peak.begin_s), down(peak.high_hz), across(peak.end_s) - across(peak.begin_s),
        down(peak.low_hz) - down(peak.high_hz));
  }
  return outlines;
}

std::string legend(double most) {
  if (!(most > 0.0)) return "The map has no values above its windows' means.";
  return fmt::format(
      R"(contrast 0<svg aria-hidden="true"><rect width="100%" height="100%" fill="#333333" />)"
      R"html(<rect width="100%" height="100%" fill="url(#map-colours)" /></svg>{:.3g})html",
      most);
}

std::string sound_alt(const ReportedRecording& recording) {
  const Spectrogram& axes = recording.result.explanation.spectrogram;
  return fmt::format("Spectrogram of {}: {:.4g} to {:.4g} s, {:.4g} to {:.4g} Hz.", recording.name,
                     axes.time_s.front(), axes.time_s.back(), axes.frequency_hz.front(),
                     axes.frequency_hz.back());
}

std::string map_alt(const ResultFacts& facts) {
  const std::string peak = peak_text(facts);
  return fmt::format("Map of importance over it: {}; {}.",
                     peak.empty() ? "without values" : "greatest at " + peak, noise_text(facts));
}

}  // namespace

std::string peak_text(const ResultFacts& facts) {
  if (!facts.peak) return "";
  return fmt::format("{:.2f} to {:.2f} s and {:.0f} to {:.0f} Hz", facts.peak->begin_s,
                     facts.peak->end_s, facts.peak->low_hz, facts.peak->high_hz);
}

std::string noise_text(const ResultFacts& facts) {
  if (facts.unresolved_windows > 0) {
    return facts.windows == 1
               ? "unresolved: the map is not above its noise"
               : fmt::format("unresolved in {} of {} windows: there the map is not above its noise",
                             facts.unresolved_windows, facts.windows);
  }
  if (facts.noise_to_contrast && *facts.noise_to_contrast == 0.0) {
    return "nothing in it was drawn at random";
  }
  return fmt::format("resolved, with noise / contrast {:.2f}",
                     facts.noise_to_contrast.value_or(0.0));
}

std::string palette_stops() {
  constexpr int kStops = 12;
  std::string stops;
  for (int i = 0; i <= kStops; ++i) {
    const double share = static_cast<double>(i) / kStops;
    const OverlayColour colour = overlay_colour(share);
    stops += fmt::format(
        R"html(<stop offset="{:.3f}" stop-color="rgb({:.0f},{:.0f},{:.0f})" stop-opacity="{:.3f}" />)html",
        share, 255.0 * colour.red, 255.0 * colour.green, 255.0 * colour.blue, colour.opacity);
  }
  return stops;
}

std::string picture_html(const ReportedRecording& recording) {
  const Spectrogram& axes = recording.result.explanation.spectrogram;
  const Array2d<double> contrast =
      averaged_down(recording.result.explanation.contrast, kMostRows, kMostColumns);
  const std::optional<Scale> scale = scale_of(contrast);
  const double most = scale ? std::max(scale->high, 0.0) : 0.0;
  // Frames are evenly spaced; the picture extends half a frame beyond the outer centres.
  const std::size_t last = axes.time_s.size() - 1;
  const double half_s =
      last == 0 ? 0.0 : (axes.time_s[last] - axes.time_s[0]) / (2.0 * static_cast<double>(last));
  return fmt::format(
      kPictureHtml, "id"_a = recording.id, "frequency_axis"_a = frequency_axis(axes.frequency_hz),
      "time_axis"_a = time_axis(axes.time_s), "begin_s"_a = axes.time_s[0] - half_s,
      "end_s"_a = axes.time_s[last] + half_s,
      "sound"_a =
          base64(grey_png(averaged_down(converted<double>(axes.values), kMostRows, kMostColumns))),
      "sound_alt"_a = escape_html(sound_alt(recording)),
      "map"_a = base64(overlay_png(contrast, most)),
      "map_alt"_a = escape_html(map_alt(recording.facts)), "peak"_a = peak_outline(recording),
      "legend"_a = legend(most));
}

}  // namespace relax_spectro::render
