#include "plot_axis.hpp"

#include <fmt/format.h>

#include <vector>

#include "html.hpp"

namespace relax_spectro::render {
namespace {

struct Mark {
  double percent = 0.0;  ///< from the left, or from the top
  std::string label;
};

std::string left_axis(const std::vector<Mark>& marks) {
  std::string svg = R"(<svg class="axis" aria-hidden="true">)";
  for (const auto& [percent, label] : marks) {
    svg += fmt::format(R"(<line x1="92%" x2="100%" y1="{0:.2f}%" y2="{0:.2f}%" />)"
                       R"(<text x="88%" y="{0:.2f}%" dy="0.33em" text-anchor="end">{1}</text>)",
                       percent, escape_html(label));
  }
  return svg + "</svg>";
}

std::string bottom_axis(const std::vector<Mark>& marks) {
  std::string svg = R"(<svg class="axis bottom" aria-hidden="true">)";
  for (const auto& [percent, label] : marks) {
    svg += fmt::format(R"(<line x1="{0:.2f}%" x2="{0:.2f}%" y1="0" y2="4" />)"
                       R"(<text x="{0:.2f}%" y="1.4em" text-anchor="middle">{1}</text>)",
                       percent, escape_html(label));
  }
  return svg + "</svg>";
}

}  // namespace

std::string frequency_axis(std::span<const double> centres_hz) {
  constexpr double kMostMarks = 12.0;  // for the height of a picture
  const auto bands = static_cast<double>(centres_hz.size());
  std::vector<Mark> marks;
  for (const Tick& tick : frequency_ticks(centres_hz, bands / kMostMarks)) {
    marks.push_back({100.0 * (1.0 - tick.position / bands), tick.label});
  }
  return left_axis(marks);
}

std::string time_axis(std::span<const double> centres_s) {
  constexpr double kMostMarks = 8.0;
  const auto frames = static_cast<double>(centres_s.size());
  std::vector<Mark> marks;
  for (const Tick& tick : time_ticks(centres_s, kMostMarks, is_on_clock(centres_s.back()))) {
    marks.push_back({100.0 * tick.position / frames, tick.label});
  }
  return bottom_axis(marks);
}

std::string time_unit(std::span<const double> centres_s) {
  return is_on_clock(centres_s.back()) ? "min:s" : "s";
}

std::string value_axis(const Scale& scale) {
  const ValueTicks ticks = value_ticks(scale, 5.0);
  std::string factor;
  if (ticks.exponent != 0) factor = fmt::format("e{}", ticks.exponent);
  std::vector<Mark> marks;
  for (const Tick& tick : ticks.ticks) {
    marks.push_back(
        {100.0 * (1.0 - scale.fraction(tick.position)), tick.label + factor + ticks.offset});
  }
  return left_axis(marks);
}

std::string fraction_axis() {
  std::vector<Mark> marks;
  for (int tenths = 0; tenths <= 10; tenths += 2) {
    marks.push_back({10.0 * tenths, fmt::format("{:.1f}", tenths / 10.0)});
  }
  return bottom_axis(marks);
}

}  // namespace relax_spectro::render
