#include "compare_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "axis.hpp"
#include "compare/paired_maps.hpp"
#include "html.hpp"
#include "panel.hpp"
#include "png.hpp"

namespace relax_spectro::render {
namespace {

constexpr double kWidth = 720.0;
constexpr double kHeight = 170.0;
constexpr double kLeft = 40.0;
constexpr double kBottom = 24.0;

/// The class of what differs in this direction.
const char* class_of(const TestedDifference& tested) {
  if (tested.p > 0.05) return "same";
  return tested.t > 0.0 ? "more-b" : "more-a";
}

std::string line(double x1, double y1, double x2, double y2, const char* name) {
  return fmt::format("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>",
                     x1, y1, x2, y2, name);
}

std::string rectangle(double x, double y, double width, double height, const char* name) {
  return fmt::format(
      "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" class=\"{}\"/>", x, y,
      width, height, name);
}

double end_of(const UnitMean& mean) {
  if (!mean.interval) return std::abs(mean.value);
  return std::max(std::abs(mean.interval->low), std::abs(mean.interval->high));
}

/// Frames around a region: as long as the region on both sides, or at least a second in all.
FrameRange frames_around(const TimeFrequencyBox& box, const std::vector<double>& time_s) {
  const double length_s = std::max(3.0 * (box.end_s - box.begin_s), 1.0);
  const double middle_s = (box.begin_s + box.end_s) / 2.0;
  const auto begin = std::ranges::lower_bound(time_s, middle_s - length_s / 2.0);
  const auto end = std::ranges::upper_bound(time_s, middle_s + length_s / 2.0);
  return {static_cast<std::size_t>(begin - time_s.begin()),
          static_cast<std::size_t>(std::max(end - begin, std::ptrdiff_t{1}))};
}

/// The edges of the cells above a level, as the path of an SVG whose unit is a cell. Row 0 is at the
/// bottom.
std::string contour(const Array2d<double>& map, double level) {
  const auto above = [&](std::size_t row, std::size_t column) {
    return row < map.rows && column < map.columns && map(row, column) > level;
  };
  std::string path;
  for (std::size_t row = 0; row < map.rows; ++row) {
    const std::size_t top = map.rows - 1 - row;
    for (std::size_t column = 0; column < map.columns; ++column) {
      if (!above(row, column)) continue;
      if (!above(row + 1, column)) path += fmt::format("M{} {}h1", column, top);
      if (!above(row - 1, column)) path += fmt::format("M{} {}h1", column, top + 1);
      if (!above(row, column - 1)) path += fmt::format("M{} {}v1", column, top);
      if (!above(row, column + 1)) path += fmt::format("M{} {}v1", column + 1, top);
    }
  }
  return path;
}

}  // namespace

std::string profile_svg(const ModelComparison& comparison) {
  std::vector<const BandDifference*> bands;
  double end = 0.0;
  for (const BandDifference& band : comparison.profile) {
    if (!band.label.empty() || !band.band) continue;
    bands.push_back(&band);
    end = std::max(end, end_of(band.tested.difference));
  }
  const double width = (kWidth - kLeft) / static_cast<double>(bands.size());
  const double middle = (kHeight - kBottom) / 2.0;
  const double unit = end > 0.0 ? (middle - 2.0) / end : 0.0;
  std::string drawn = line(kLeft, middle, kWidth, middle, "zero");
  for (std::size_t k = 0; k < bands.size(); ++k) {
    const UnitMean& mean = bands[k]->tested.difference;
    const double x = kLeft + width * static_cast<double>(k);
    const double size = unit * mean.value;
    drawn += rectangle(x + 1.0, middle - std::max(size, 0.0), width - 2.0, std::abs(size),
                       class_of(bands[k]->tested));
    if (mean.interval) {
      drawn += line(x + width / 2.0, middle - unit * mean.interval->low, x + width / 2.0,
                    middle - unit * mean.interval->high, "interval");
    }
    if (k % 4 == 0) {
      drawn += line(x, kHeight - kBottom, x, kHeight - kBottom + 4.0, "zero");
      drawn += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{:.0f}{}</text>", x, kHeight - 6.0,
                           bands[k]->band->low_hz, k == 0 ? " Hz" : "");
    }
  }
  drawn += fmt::format("<text x=\"0\" y=\"12\">{:+.2g}</text>", end);
  drawn += fmt::format("<text x=\"0\" y=\"{:.1f}\">{:+.2g}</text>", kHeight - kBottom, -end);
  return fmt::format(
      "<svg class=\"profile\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Difference over "
      "frequency; profile.csv has the numbers\">{}</svg>",
      kWidth, kHeight, drawn);
}

double bars_end(const ModelComparison& comparison) {
  double end = 0.0;
  for (const ClusterDifference& cluster : comparison.clusters) {
    if (!cluster.tested) continue;
    end = std::max({end, end_of(cluster.tested->a), end_of(cluster.tested->b)});
  }
  return end;
}

std::string bars_svg(const ModelComparison& comparison, const TestedDifference& tested,
                     double end) {
  constexpr double kBarWidth = 180.0;
  constexpr double kBarHeight = 12.0;
  const double unit = end > 0.0 ? kBarWidth / 2.0 / end : 0.0;
  std::string drawn;
  double y = 4.0;
  for (const auto& [mean, name] : {std::pair{&tested.a, "more-a"}, {&tested.b, "more-b"}}) {
    const double size = unit * mean->value;
    drawn += rectangle(kBarWidth / 2.0 + std::min(size, 0.0), y, std::abs(size), kBarHeight, name);
    if (mean->interval) {
      drawn +=
          line(kBarWidth / 2.0 + unit * mean->interval->low, y + kBarHeight / 2.0,
               kBarWidth / 2.0 + unit * mean->interval->high, y + kBarHeight / 2.0, "interval");
    }
    y += kBarHeight + 4.0;
  }
  drawn += line(kBarWidth / 2.0, 0.0, kBarWidth / 2.0, y, "zero");
  return fmt::format(
      "<svg class=\"bars\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}: {:.3g}, {}: "
      "{:.3g}\">{}</svg>",
      kBarWidth, y, escape_html(comparison.results.a.folder.string()), tested.a.value,
      escape_html(comparison.results.b.folder.string()), tested.b.value, drawn);
}

std::string cut_out_html(const ModelComparison& comparison, const DifferenceRegion& region) {
  constexpr std::size_t kMostRows = 64;
  constexpr std::size_t kMostColumns = 96;
  const PairedMaps maps =
      read_paired_maps(comparison.results.pairs[region.recording], WithInput::yes);
  const FrameRange frames = frames_around(region.box, maps.axes.time_s);
  const auto part = [&](const Array2d<double>& map) {
    return averaged_down(columns_of(map, frames.begin, frames.count), kMostRows, kMostColumns);
  };
  ShownMap shown;
  shown.sound = part(converted<double>(maps.axes.values));
  std::string contours;
  for (const auto& [map, scale, name] : {std::tuple{&maps.a, comparison.scale_a, "contour-a"},
                                         {&maps.b, comparison.scale_b, "contour-b"}}) {
    contours += fmt::format("<path class=\"{}\" d=\"{}\"/>", name, contour(part(*map), scale));
  }
  const auto across = [&](double time_s) {
    return (cell_position(maps.axes.time_s, time_s) - static_cast<double>(frames.begin)) *
           static_cast<double>(shown.sound.columns) / static_cast<double>(frames.count);
  };
  const auto down = [&](double hz) {
    const double bands = static_cast<double>(maps.axes.frequency_hz.size());
    return (1.0 - cell_position(maps.axes.frequency_hz, hz) / bands) *
           static_cast<double>(shown.sound.rows);
  };
  contours += rectangle(across(region.box.begin_s), down(region.box.high_hz),
                        across(region.box.end_s) - across(region.box.begin_s),
                        down(region.box.low_hz) - down(region.box.high_hz), "region");
  const std::string file =
      comparison.recordings[region.recording].recording.path.filename().string();
  const double first_s = maps.axes.time_s[frames.begin];
  const double last_s = maps.axes.time_s[frames.begin + frames.count - 1];
  return fmt::format(
      "<figure class=\"cut\"><div><img alt=\"\" src=\"data:image/png;base64,{}\"><svg "
      "viewBox=\"0 0 {} {}\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\">{}</svg></div><figcaption>{}: {:.1f}–{:.1f} s</figcaption></figure>",
      base64(sound_png(shown)), shown.sound.columns, shown.sound.rows, contours, escape_html(file),
      first_s, last_s);
}

}  // namespace relax_spectro::render
