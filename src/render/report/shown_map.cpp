#include "shown_map.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "axis.hpp"
#include "map_panel.hpp"
#include "panel.hpp"

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
  const Array2d<double> faded = faded_bins(contrast, panel.standard_error, panel.fade_below);
  veil(contrast, axes.time_s, panel.marks.veils);
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

ShownMap thumbnail_of(const ShownMap& map) {
  ShownMap small;
  small.sound = averaged_down(map.sound, kThumbnailRows, kThumbnailColumns);
  small.contrast = averaged_down(map.contrast, kThumbnailRows, kThumbnailColumns);
  small.faded = averaged_down(map.faded, kThumbnailRows, kThumbnailColumns);
  small.most = map.most;
  return small;
}

}  // namespace relax_spectro::render
