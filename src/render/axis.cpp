#include "axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::render {
namespace {

/// mantissa * 10^exponent, with a mantissa of 1, 2 or 5.
struct Step {
  int mantissa = 1;
  int exponent = 0;

  /// `count` steps. Divides by a power of ten if possible, so that 3 steps of 0.1 are exactly 0.3.
  [[nodiscard]] double times(double count) const {
    const double whole = count * mantissa;
    return exponent < 0 ? whole / std::pow(10.0, -exponent) : whole * std::pow(10.0, exponent);
  }
  [[nodiscard]] Step next() const {
    if (mantissa == 1) return {2, exponent};
    if (mantissa == 2) return {5, exponent};
    return {1, exponent + 1};
  }
};

/// The smallest step of which at most `most` fit into `span`.
Step smallest_step(double span, double most) {
  const double least = span / most * (1.0 - 1e-9);
  Step step{1, static_cast<int>(std::floor(std::log10(least)))};
  while (step.times(1.0) < least) step = step.next();
  return step;
}

/// The multiples of a step in [low, high], with a small tolerance for rounding at both ends.
std::vector<double> multiples_within(Step step, double low, double high) {
  constexpr double kRoom = 1e-6;
  const double size = step.times(1.0);
  std::vector<double> counts;
  for (double count = std::ceil(low / size - kRoom); count <= high / size + kRoom; count += 1.0) {
    counts.push_back(count + 0.0);  // + 0.0: a negative zero would be written as one
  }
  return counts;
}

/// A number with a minus sign instead of the hyphen.
std::string typeset(std::string number) {
  if (number.starts_with('-')) number.replace(0, 1, "\u2212");
  return number;
}

std::string fixed(double value, int digits) {
  return typeset(fmt::format("{:.{}f}", value, std::max(digits, 0)));
}

/// The smallest round step on a clock of at least `least` seconds.
Step clock_step(double least) {
  for (const int seconds : {10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600}) {
    if (seconds >= least) return {seconds, 0};
  }
  return {static_cast<int>(std::ceil(least / 3600.0)) * 3600, 0};
}

struct Range {
  double low = 0.0;
  double high = 0.0;
};

/// The range of cells: their centres plus half a cell at either end. It does not go below zero if
/// all centres are above.
Range covered_range(std::span<const double> centres) {
  const std::size_t last = centres.size() - 1;
  const double low = centres[0] - (centres[1] - centres[0]) / 2.0;
  const double high = centres[last] + (centres[last] - centres[last - 1]) / 2.0;
  return {centres[0] >= 0.0 ? std::max(low, 0.0) : low, high};
}

std::string frequency_label(double frequency_hz) {
  if (frequency_hz < 1000.0) return fmt::format("{:.6g}", frequency_hz);
  return fmt::format("{:.6g}k", frequency_hz / 1000.0);
}

bool has_room(std::span<const Tick> ticks, double position, double gap_cells) {
  return std::ranges::all_of(
      ticks, [&](const Tick& other) { return std::abs(other.position - position) >= gap_cells; });
}

/// 1, 2 and 5 times powers of ten. If they are too close, labels with 1 take precedence, then those
/// with 5.
std::vector<Tick> decade_ticks(std::span<const double> centres_hz, double gap_cells) {
  const Range range = covered_range(centres_hz);
  if (range.high <= 0.0) return {};
  const double lowest = std::max(range.low, range.high * 1e-6);
  const int first_exponent = static_cast<int>(std::floor(std::log10(lowest)));
  std::vector<Tick> ticks;
  for (const int mantissa : {1, 5, 2}) {
    Step step{mantissa, first_exponent};
    for (; step.times(1.0) <= range.high; ++step.exponent) {
      const double frequency_hz = step.times(1.0);
      if (frequency_hz < lowest) continue;
      const double position = cell_position(centres_hz, frequency_hz);
      if (!has_room(ticks, position, gap_cells)) continue;
      ticks.push_back({position, frequency_label(frequency_hz)});
    }
  }
  std::ranges::sort(ticks, {}, &Tick::position);
  return ticks;
}

/// Even steps in Hertz: the smallest that keeps all marks apart.
std::vector<Tick> even_ticks(std::span<const double> centres_hz, double gap_cells) {
  const Range range = covered_range(centres_hz);
  const double most = std::max(static_cast<double>(centres_hz.size()) / gap_cells, 1.0);
  Step step = smallest_step(range.high - range.low, most);
  for (;; step = step.next()) {
    std::vector<Tick> ticks;
    bool apart = true;
    for (const double count : multiples_within(step, range.low, range.high)) {
      const double position = cell_position(centres_hz, step.times(count));
      apart = apart && has_room(ticks, position, gap_cells);
      ticks.push_back({position, frequency_label(step.times(count))});
    }
    if (apart) return ticks;
  }
}

/// Whether the bands at the top are hardly wider than those at the bottom.
bool evenly_spaced(std::span<const double> centres) {
  const std::size_t last = centres.size() - 1;
  return centres[last] - centres[last - 1] < 1.5 * (centres[1] - centres[0]);
}

/// Checks that these can be centres of cells: finite, ascending, not all equal.
void require_axis(std::span<const double> centres) {
  const bool finite = std::ranges::all_of(centres, [](double c) { return std::isfinite(c); });
  const bool spread = centres.size() == 1 || (!centres.empty() && centres.front() < centres.back());
  if (finite && spread && std::ranges::is_sorted(centres)) return;
  throw ConfigError(
      "figure: times and frequencies must be finite and ascending, "
      "with at least one of each");
}

}  // namespace

const std::vector<double>& frequencies_of(const FigurePanel& panel, const Figure& figure) {
  return panel.frequency_hz.empty() ? figure.frequency_hz : panel.frequency_hz;
}

void require_drawable(const Figure& figure) {
  if (figure.panels.empty()) throw ConfigError("figure: it has no panel");
  require_axis(figure.time_s);
  for (const FigurePanel& panel : figure.panels) {
    const Array2d<double>& values = panel.values;
    const std::vector<double>& frequency_hz = frequencies_of(panel, figure);
    require_axis(frequency_hz);
    const bool fits = values.rows == frequency_hz.size() &&
                      values.columns == figure.time_s.size() &&
                      values.values.size() == values.rows * values.columns;
    if (fits) continue;
    throw ConfigError(fmt::format(
        "figure: panel '{}' is {} by {}, but the axes have {} frequencies and {} times",
        panel.title, values.rows, values.columns, frequency_hz.size(), figure.time_s.size()));
  }
}

double cell_position(std::span<const double> centres, double value) {
  if (centres.size() < 2) return 0.5;
  const auto upper = std::upper_bound(centres.begin() + 1, centres.end() - 1, value);
  const std::size_t above = static_cast<std::size_t>(upper - centres.begin());
  const double width = centres[above] - centres[above - 1];
  const double fraction = width > 0.0 ? (value - centres[above - 1]) / width : 0.0;
  return std::clamp(static_cast<double>(above) - 0.5 + fraction, 0.0,
                    static_cast<double>(centres.size()));
}

std::string clock_text(double time_s, int digits) {
  const double unit = std::pow(10.0, std::max(digits, 0));
  const double rounded = std::round(time_s * unit) / unit;
  const double minutes = std::floor(rounded / 60.0);
  const int width = digits > 0 ? digits + 3 : 2;
  return fmt::format("{:.0f}:{:0{}.{}f}", minutes, rounded - 60.0 * minutes, width,
                     std::max(digits, 0));
}

bool is_on_clock(double last_s) { return last_s > 120.0; }

std::vector<Tick> time_ticks(std::span<const double> centres_s, double most, bool on_clock) {
  if (centres_s.size() < 2) {
    return {{0.5, on_clock ? clock_text(centres_s[0], 0)
                           : typeset(fmt::format("{:.6g}", centres_s[0]))}};
  }
  const Range range = covered_range(centres_s);
  const double span = range.high - range.low;
  const Step step =
      on_clock && span / most > 5.0 ? clock_step(span / most) : smallest_step(span, most);
  // Frames begin slightly after 0 s: a mark just outside is still shown, at the edge.
  const double slack = 0.002 * span;
  std::vector<Tick> ticks;
  for (const double count : multiples_within(step, range.low - slack, range.high + slack)) {
    const double time_s = step.times(count);
    ticks.push_back({cell_position(centres_s, time_s), on_clock ? clock_text(time_s, -step.exponent)
                                                                : fixed(time_s, -step.exponent)});
  }
  return ticks;
}

std::vector<Tick> frequency_ticks(std::span<const double> centres_hz, double gap_cells) {
  if (centres_hz.size() < 2) return {{0.5, frequency_label(centres_hz[0])}};
  // Twice the gap, because many even marks look more crowded than a few uneven ones.
  if (evenly_spaced(centres_hz)) {
    return even_ticks(centres_hz, 2.0 * gap_cells);
  }
  std::vector<Tick> ticks = decade_ticks(centres_hz, gap_cells);
  return ticks.size() >= 3 ? ticks : even_ticks(centres_hz, gap_cells);
}

ValueTicks value_ticks(const Scale& scale, double most) {
  const double low = scale.low;
  const double high = scale.high;
  if (scale.constant()) return {{{low, typeset(fmt::format("{:.6g}", low))}}, 0, ""};
  const double span = high - low;
  ValueTicks result;
  double offset = 0.0;
  if (span < 1e-4 * std::max(std::abs(low), std::abs(high))) {
    const Step unit{1, static_cast<int>(std::ceil(std::log10(span)))};
    const double count = std::floor(low / unit.times(1.0));
    offset = unit.times(count);
    result.offset = (count < 0.0 ? "\u2212 " : "+ ") +
                    fmt::format("{:.{}f}", std::abs(offset), std::max(-unit.exponent, 0));
  }
  const double largest = std::max(std::abs(low - offset), std::abs(high - offset));
  const int magnitude = static_cast<int>(std::floor(std::log10(largest)));
  if (magnitude < -3 || magnitude > 4) result.exponent = magnitude;

  const Step step = smallest_step(span, most);
  const Step scaled{step.mantissa, step.exponent - result.exponent};
  for (const double count : multiples_within(step, low - offset, high - offset)) {
    result.ticks.push_back(
        {offset + step.times(count), fixed(scaled.times(count), -scaled.exponent)});
  }
  return result;
}

}  // namespace relax_spectro::render
