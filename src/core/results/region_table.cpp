#include "results/region_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "files/csv_cell.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

/// Text for a table without quotes: separators become spaces.
std::string plain(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c == '\t' || c == '\r' || c == '\n'; }, ' ');
  return text;
}

}  // namespace

std::string regions_csv(std::span<const Region> regions, const std::string& recording,
                        const std::string& label) {
  std::string text = "file,start_s,end_s,low_hz,high_hz,label,relax_spectro\n";
  for (const Region& region : regions) {
    const TimeFrequencyBox& box = region.box;
    text += fmt::format("{},{:.6f},{:.6f},{:.3f},{:.3f},{},{}\n", core::csv_cell(recording),
                        box.begin_s, box.end_s, box.low_hz, box.high_hz, core::csv_cell(label),
                        version());
  }
  return text;
}

std::string raven_table(std::span<const Region> regions, int channel, const std::string& label) {
  std::string text =
      "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
      "Peak Importance\tMean Contrast\tBins\tAnnotation\trelax_spectro\n";
  for (std::size_t i = 0; i < regions.size(); ++i) {
    const Region& region = regions[i];
    const TimeFrequencyBox& box = region.box;
    text += fmt::format(
        "{}\tSpectrogram 1\t{}\t{:.6f}\t{:.6f}\t{:.3f}\t{:.3f}\t{:.6g}\t{:.6g}\t{}\t{}\t{}\n",
        i + 1, channel, box.begin_s, box.end_s, box.low_hz, box.high_hz, region.peak_importance,
        region.mean_contrast, region.bins, plain(label), version());
  }
  return text;
}

std::string audacity_labels(std::span<const Region> regions, const std::string& label) {
  std::string text;
  for (const Region& region : regions) {
    const TimeFrequencyBox& box = region.box;
    text += fmt::format("{:.6f}\t{:.6f}\t{}\n\\\t{:.6f}\t{:.6f}\n", box.begin_s, box.end_s,
                        plain(label), box.low_hz, box.high_hz);
  }
  return text;
}

}  // namespace relax_spectro
