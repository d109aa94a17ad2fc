#include "maps_figure.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

/// Evenly spaced frames.
struct Frames {
  std::span<const double> centre_s;
  double hop_s = 0.0;

  explicit Frames(const std::vector<double>& time_s) : centre_s(time_s) {
    if (time_s.empty()) throw ConfigError("figure: a map has no frames");
    if (time_s.size() == 1) return;
    hop_s = (time_s.back() - time_s.front()) / static_cast<double>(time_s.size() - 1);
  }
  [[nodiscard]] double begin_s() const { return centre_s.front() - hop_s / 2.0; }
  [[nodiscard]] double end_s() const { return centre_s.back() + hop_s / 2.0; }
  [[nodiscard]] bool covers(double time) const { return begin_s() <= time && time <= end_s(); }

  /// The frame with the nearest centre.
  [[nodiscard]] std::size_t at(double time) const {
    const auto after = std::ranges::lower_bound(centre_s, time);
    if (after == centre_s.begin()) return 0;
    const auto above = static_cast<std::size_t>(after - centre_s.begin());
    if (above == centre_s.size()) return above - 1;
    return time - centre_s[above - 1] <= centre_s[above] - time ? above - 1 : above;
  }
};

/// The finest time axis, extended to the range of all of them.
std::vector<double> common_time_s(const std::vector<Frames>& all) {
  const Frames& finest = *std::ranges::min_element(all, {}, &Frames::hop_s);
  const double begin = std::ranges::min(all, {}, &Frames::begin_s).begin_s();
  const double end = std::ranges::max(all, {}, &Frames::end_s).end_s();
  std::vector<double> time_s(finest.centre_s.begin(), finest.centre_s.end());
  if (finest.hop_s == 0.0) return time_s;
  const auto hops = [&](double length_s) {
    return static_cast<std::size_t>(std::max(0.0, std::round(length_s / finest.hop_s)));
  };
  const std::size_t before = hops(finest.begin_s() - begin);
  const std::size_t after = hops(end - finest.end_s());
  std::vector<double> earlier;
  for (std::size_t i = before; i > 0; --i) {
    earlier.push_back(finest.centre_s.front() - static_cast<double>(i) * finest.hop_s);
  }
  time_s.insert(time_s.begin(), earlier.begin(), earlier.end());
  for (std::size_t i = 1; i <= after; ++i) {
    time_s.push_back(finest.centre_s.back() + static_cast<double>(i) * finest.hop_s);
  }
  return time_s;
}

/// The values at each time, taken from the nearest frame.
template <typename Number>
Array2d<double> at_times(const Array2d<Number>& values, const Frames& frames,
                         std::span<const double> time_s) {
  Array2d<double> result(values.rows, time_s.size());
  std::ranges::fill(result.values, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t column = 0; column < time_s.size(); ++column) {
    if (!frames.covers(time_s[column])) continue;
    const std::size_t frame = frames.at(time_s[column]);
    for (std::size_t row = 0; row < values.rows; ++row) {
      result(row, column) = values(row, frame);
    }
  }
  return result;
}

}  // namespace

Figure maps_figure(std::span<const DrawnMap> maps, const std::string& title,
                   const std::string& subtitle) {
  if (maps.empty()) throw ConfigError("figure: there is no map");
  std::vector<Frames> frames;
  for (const DrawnMap& map : maps) frames.emplace_back(map.axes.time_s);
  Figure figure;
  figure.title = title;
  figure.subtitle = subtitle;
  figure.time_s = common_time_s(frames);
  figure.frequency_hz = maps[0].axes.frequency_hz;
  const bool has_one_input = std::ranges::all_of(maps, [&](const DrawnMap& map) {
    return map.axes.values.values == maps[0].axes.values.values;
  });
  figure.panels.push_back({has_one_input ? "Input: log-mel spectrogram" : "Input of the first",
                           "model's units",
                           at_times(maps[0].axes.values, frames[0], figure.time_s)});
  for (std::size_t i = 0; i < maps.size(); ++i) {
    FigurePanel panel = maps[i].panel;
    panel.values = at_times(panel.values, frames[i], figure.time_s);
    if (!panel.standard_error.values.empty()) {
      panel.standard_error = at_times(panel.standard_error, frames[i], figure.time_s);
    }
    panel.frequency_hz = maps[i].axes.frequency_hz;
    figure.panels.push_back(std::move(panel));
  }
  return figure;
}

}  // namespace relax_spectro
