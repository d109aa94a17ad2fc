#include "window_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <vector>

#include "axis.hpp"
#include "html.hpp"
#include "plot_axis.hpp"
#include "report/templates.hpp"
#include "results/mask_cells.hpp"

namespace relax_spectro::render {
namespace {

using namespace fmt::literals;

std::string row_of(const ShownResult& shown, std::size_t i) {
  const Explanation& explanation = shown.result.explanation;
  const WindowSummary& window = explanation.windows[i];
  const bool on_clock = is_on_clock(explanation.spectrogram.time_s.back());
  const auto time_text = [on_clock](double seconds) {
    return on_clock ? clock_text(seconds, 1) : fmt::format("{:.2f}", seconds);
  };
  const TimeFrequencyBox box =
      box_around(explanation.spectrogram, {0, 1},
                 {window.frames.begin, window.frames.begin + window.frames.count});
  return fmt::format(
      "<tr><th scope=\"row\"><button type=\"button\" disabled data-begin=\"{:.3f}\" "
      "data-end=\"{:.3f}\" aria-label=\"Zoom to window {}\">{}</button></th>"
      "<td class=\"number\">{}\u2013{}</td><td>{}</td><td class=\"number\">{}</td>"
      "<td>{}</td></tr>\n",
      box.begin_s, box.end_s, i + 1, i + 1, time_text(window.first_frame_s),
      time_text(window.last_frame_s), escape_html(to_string(window.heard)),
      window.noise_to_contrast ? fmt::format("{:.2f}", *window.noise_to_contrast) : "",
      window.all_silent() ? "silent"
      : window.resolved() ? "yes"
                          : "no");
}

}  // namespace

std::string windows_html(const ShownResult& shown) {
  const std::size_t count = shown.result.explanation.windows.size();
  if (count == 1) return "";
  std::string rows;
  for (std::size_t i = 0; i < count; ++i) rows += row_of(shown, i);
  return fmt::format(kWindowsHtml, "name"_a = escape_html(shown.name),
                     "unit"_a = time_unit(shown.result.explanation.spectrogram.time_s),
                     "rows"_a = rows);
}

}  // namespace relax_spectro::render
