#include "picture.hpp"

#include <fmt/format.h>

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

/// An outline of the cell around the map's maximum.
std::string peak_outline(const ShownResult& shown) {
  if (!shown.facts.peak) return "";
  const Spectrogram& axes = shown.result.explanation.spectrogram;
  const TimeFrequencyBox& peak = *shown.facts.peak;
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

/// Lines between windows, and times without a map.
std::string window_marks(const ShownMap& map, const Spectrogram& axes) {
  const auto across = [&axes](double seconds) {
    return 100.0 * cell_position(axes.time_s, seconds) / static_cast<double>(axes.time_s.size());
  };
  std::string marks;
  for (const Veil& veil : map.marks.veils) {
    const double begin = across(veil.begin_s);
    const double end = across(veil.end_s);
    marks += fmt::format(R"(<rect class="veil" x="{:.2f}%" y="0" width="{:.2f}%" height="100%" />)",
                         begin, end - begin);
    constexpr double kLeastForText = 30.0;  // percent
    if (end - begin < kLeastForText) continue;
    marks += fmt::format(R"(<text class="veil-text" x="{:.2f}%" y="1.4em">{}</text>)",
                         (begin + end) / 2.0, escape_html(veil.label));
  }
  for (const double seam_s : map.marks.seams_s) {
    marks += fmt::format(R"(<line class="seam" x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="100%" />)",
                         across(seam_s));
  }
  return marks;
}

std::string legend(const ShownResult& shown) {
  const double most = shown.map.most;
  if (!(most > 0.0)) return "<p class=\"legend\">There is no map to be read.</p>";
  return fmt::format(
      R"(<p class="legend"><svg aria-hidden="true"><rect width="100%" height="100%" )"
      R"html(fill="url(#map-colours)" /></svg><span class="ends"><span>{0}{1:.3g}</span>)html"
      R"(<span>0</span><span>{1:.3g}</span></span>Keeping a part lowers (blue) or raises (brown) )"
      R"(the {2}. Pale: within two standard errors of 0.</p>)",
      "\u2212", most, escape_html(shown.score));
}

/// The spectrogram, or a reference to the same one of another result.
std::string sound_picture(const ShownResult& shown) {
  if (shown.sound_id != shown.id) return fmt::format(R"(<use href="#{}-sound" />)", shown.sound_id);
  return fmt::format(R"(<image id="{}-sound" width="1" height="1" preserveAspectRatio="none" )"
                     R"(href="data:image/png;base64,{}" />)",
                     shown.id, base64(sound_png(shown.map)));
}

std::string sound_alt(const ShownResult& shown) {
  const Spectrogram& axes = shown.result.explanation.spectrogram;
  return fmt::format("Spectrogram of {}: {:.4g} to {:.4g} s, {:.4g} to {:.4g} Hz.", shown.name,
                     axes.time_s.front(), axes.time_s.back(), axes.frequency_hz.front(),
                     axes.frequency_hz.back());
}

/// Where the map has its peak, or why it says nothing.
std::string where_text(const ShownResult& shown) {
  const std::string peak = peak_text(shown);
  std::string text = peak.empty() ? "without a peak above its noise" : "greatest at " + peak;
  const ResultFacts& facts = shown.facts;
  if (facts.unresolved_windows == 0) return text;
  return text +
         fmt::format("; unresolved in {} of {} windows", facts.unresolved_windows, facts.windows);
}

std::string map_alt(const ShownResult& shown) {
  return fmt::format("Map of importance over it: {}.", where_text(shown));
}

}  // namespace

std::string peak_text(const ShownResult& shown) {
  const std::optional<TimeFrequencyBox>& peak = shown.facts.peak;
  if (!peak) return "";
  const bool on_clock = is_on_clock(shown.result.explanation.spectrogram.time_s.back());
  const std::string time = on_clock
                               ? clock_text(peak->begin_s, 1) + " to " + clock_text(peak->end_s, 1)
                               : fmt::format("{:.2f} to {:.2f} s", peak->begin_s, peak->end_s);
  return fmt::format("{} and {:.0f} to {:.0f} Hz", time, peak->low_hz, peak->high_hz);
}

std::string palette_stops() {
  constexpr int kStops = 16;
  std::string stops;
  for (int i = 0; i <= kStops; ++i) {
    const double place = static_cast<double>(i) / kStops;
    const OverlayColour colour = overlay_colour(2.0 * place - 1.0);
    stops += fmt::format(
        R"html(<stop offset="{:.4f}" stop-color="rgb({:.0f},{:.0f},{:.0f})" stop-opacity="{:.3f}" />)html",
        place, 255.0 * colour.red, 255.0 * colour.green, 255.0 * colour.blue, colour.opacity);
  }
  return stops;
}

std::string thumbnail_html(const ShownResult& shown) {
  return fmt::format(R"(<img src="data:image/png;base64,{}" alt="{}">)",
                     base64(joined_png(thumbnail_of(shown.map))),
                     escape_html(fmt::format("Map of {}: {}", shown.name, where_text(shown))));
}

std::string picture_html(const ShownResult& shown) {
  const Spectrogram& axes = shown.result.explanation.spectrogram;
  // Frames are evenly spaced; the picture extends half a frame beyond the outer centres.
  const std::size_t last = axes.time_s.size() - 1;
  const double half_s =
      last == 0 ? 0.0 : (axes.time_s[last] - axes.time_s[0]) / (2.0 * static_cast<double>(last));
  constexpr std::size_t kMostSeams = 40;  // more hide the map, until one zooms
  const bool has_many_seams = shown.map.marks.seams_s.size() > kMostSeams;
  return fmt::format(
      kPictureHtml, "id"_a = shown.id, "frequency_axis"_a = frequency_axis(axes.frequency_hz),
      "time_axis"_a = time_axis(axes.time_s), "time_unit"_a = time_unit(axes.time_s),
      "begin_s"_a = axes.time_s[0] - half_s, "end_s"_a = axes.time_s[last] + half_s,
      "sound"_a = sound_picture(shown), "sound_alt"_a = escape_html(sound_alt(shown)),
      "map"_a = base64(overlay_png(shown.map)), "map_alt"_a = escape_html(map_alt(shown)),
      "many"_a = has_many_seams ? " many" : "",
      "marks"_a = window_marks(shown.map, axes) + peak_outline(shown), "legend"_a = legend(shown),
      "zoom"_a = shown.result.explanation.windows.size() > 1 ? kZoomHtml : "");
}

}  // namespace relax_spectro::render
