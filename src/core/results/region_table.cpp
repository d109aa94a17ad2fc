#include "results/region_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>

#include "files/csv_cell.hpp"
#include "files/valid_utf8.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

namespace fs = std::filesystem;

/// Text for a table without quotes: separators become spaces.
std::string plain(const std::string& value) {
  std::string text = core::valid_utf8(value);
  std::ranges::replace_if(
      text, [](char c) { return c == '\t' || c == '\r' || c == '\n'; }, ' ');
  return text;
}

std::string standard_errors_text(const Region& region) {
  return region.standard_errors ? fmt::format("{:.3g}", *region.standard_errors) : "";
}

/// When each recording begins, if they follow each other.
std::map<fs::path, double> begins_of(std::span<const RecordingRegions> results) {
  std::map<fs::path, double> lengths;
  for (const RecordingRegions& result : results) {
    double& length = lengths[result.recording];
    length = std::max(length, result.end_s);
  }
  std::map<fs::path, double> begins;
  double begin_s = 0.0;
  for (const RecordingRegions& result : results) {
    if (begins.emplace(result.recording, begin_s).second) begin_s += lengths[result.recording];
  }
  return begins;
}

}  // namespace

std::string regions_csv(std::span<const RecordingRegions> results) {
  std::string text =
      "file,score,start_s,end_s,low_hz,high_hz,label,peak_contrast,standard_errors,heard,"
      "relax_spectro\n";
  for (const RecordingRegions& result : results) {
    for (const Region& region : result.regions) {
      const TimeFrequencyBox& box = region.box;
      text += fmt::format("{},{},{:.3f},{:.3f},{:.1f},{:.1f},{},{:.6g},{},{},{}\n",
                          core::csv_cell(result.recording.string()), core::csv_cell(result.score),
                          box.begin_s, box.end_s, box.low_hz, box.high_hz,
                          core::csv_cell(region.label), region.peak_contrast,
                          standard_errors_text(region), core::csv_cell(region.heard), version());
    }
  }
  return text;
}

std::string raven_table(std::span<const RecordingRegions> results) {
  std::string text =
      "Selection\tView\tChannel\tBegin Time (s)\tEnd Time (s)\tLow Freq (Hz)\tHigh Freq (Hz)\t"
      "Begin Path\tBegin File\tFile Offset (s)\tScore\tPeak Contrast\tStandard Errors\tHeard\tAnnotation\t"
      "relax_spectro\n";
  const std::map<fs::path, double> begins = begins_of(results);
  std::size_t selection = 0;
  for (const RecordingRegions& result : results) {
    const double begin_s = begins.at(result.recording);
    const fs::path path = fs::absolute(result.recording).lexically_normal();
    for (const Region& region : result.regions) {
      const TimeFrequencyBox& box = region.box;
      text += fmt::format(
          "{}\tSpectrogram 1\t{}\t{:.3f}\t{:.3f}\t{:.1f}\t{:.1f}\t{}\t{}\t{:.3f}\t{}\t{:.6g}\t{}\t{}\t"
          "{}\t{}\n",
          ++selection, result.channel, begin_s + box.begin_s, begin_s + box.end_s, box.low_hz,
          box.high_hz, plain(path.string()), plain(path.filename().string()), box.begin_s,
          plain(result.score), region.peak_contrast, standard_errors_text(region),
          plain(region.heard), plain(region.label), version());
    }
  }
  return text;
}

std::string audacity_labels(std::span<const Region> regions) {
  std::string text;
  for (const Region& region : regions) {
    const TimeFrequencyBox& box = region.box;
    text += fmt::format("{:.6f}\t{:.6f}\t{}\n\\\t{:.6f}\t{:.6f}\n", box.begin_s, box.end_s,
                        plain(region.label), box.low_hz, box.high_hz);
  }
  return text;
}

}  // namespace relax_spectro
