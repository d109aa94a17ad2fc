#include "shown_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

#include "axis.hpp"
#include "map_panel.hpp"

namespace relax_spectro::render {
namespace {

// Enough for any page; more is averaged. Windows of long recordings are seen one by one, too.
constexpr std::size_t kMostRows = 400;
constexpr std::size_t kColumns = 1400;
constexpr std::size_t kColumnsForWindow = 200;
constexpr std::size_t kMostColumns = 12000;  // browsers draw no picture of more than 16384 pixels

constexpr std::size_t kThumbnailRows = 32;
constexpr std::size_t kThumbnailColumns = 88;

}  // namespace

ShownMap shown_map(const Result& result) {
  const Explanation& explanation = result.explanation;
  const Spectrogram& axes = explanation.spectrogram;
  FigurePanel panel = map_panel(result, "contrast", explanation.contrast);
  Array2d<double>& contrast = panel.values;
  Array2d<double> faded(contrast.rows, contrast.columns, 0.0);
  for (std::size_t i = 0; i < panel.standard_error.values.size(); ++i) {
    const double least = panel.fade_below * panel.standard_error.values[i];
    if (std::abs(contrast.values[i]) < least) faded.values[i] = 1.0;
  }
  for (std::size_t t = 0; t < contrast.columns; ++t) {
    const bool is_unread = is_veiled(panel.marks, axes.time_s[t]);
    for (std::size_t row = 0; is_unread && row < contrast.rows; ++row) {
      contrast(row, t) = std::numeric_limits<double>::quiet_NaN();
    }
  }
  const std::size_t columns =
      std::clamp(kColumnsForWindow * explanation.windows.size(), kColumns, kMostColumns);
  ShownMap map;
  map.sound = averaged_down(converted<double>(axes.values), kMostRows, columns);
  map.contrast = averaged_down(contrast, kMostRows, columns);
  map.faded = averaged_down(faded, kMostRows, columns);
  map.marks = std::move(panel.marks);
  if (const std::optional<Scale> scale = scale_of(map.contrast)) {
    map.most = signed_scale(*scale).high;
  }
  return map;
}

bool is_veiled(const PanelMarks& marks, double time_s) {
  return std::ranges::any_of(marks.veils, [time_s](const Veil& veil) {
    return veil.begin_s <= time_s && time_s <= veil.end_s;
  });
}

ShownMap thumbnail_of(const ShownMap& map) {
  ShownMap small;
  small.sound = averaged_down(map.sound, kThumbnailRows, kThumbnailColumns);
  small.contrast = averaged_down(map.contrast, kThumbnailRows, kThumbnailColumns);
  small.faded = averaged_down(map.faded, kThumbnailRows, kThumbnailColumns);
  small.most = map.most;
  return small;
}

}  // namespace relax_spectro::render
