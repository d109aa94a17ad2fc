#include "results/region.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <tuple>

#include "base/parse_number.hpp"
#include "base/require.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/threshold.hpp"
#include "results/mask_cells.hpp"

namespace relax_spectro {
namespace {

/// 1 for each salient bin.
Array2d<std::uint8_t> salient_bins(const Result& result, const RegionThreshold& threshold) {
  const Array2d<double>& contrast = result.explanation.contrast;
  const bool by_error = threshold.kind == RegionThreshold::Kind::standard_error;
  const double least =
      by_error ? 0.0 : std::max(0.0, threshold_of(contrast.values, ThresholdKind::otsu));
  Array2d<std::uint8_t> salient(contrast.rows, contrast.columns);
  for (std::size_t row = 0; row < salient.rows; ++row) {
    for (std::size_t column = 0; column < salient.columns; ++column) {
      if (result.explanation.spectrogram.time_s[column] > result.provenance.input_end_s()) break;
      const double needed = by_error ? threshold.standard_errors *
                                           result.explanation.saliency.standard_error(row, column)
                                     : least;
      salient(row, column) = contrast(row, column) > needed ? 1 : 0;  // false for NaN
    }
  }
  return salient;
}

struct Bin {
  std::size_t row = 0;
  std::size_t column = 0;
};

/// Removes the 8-connected bins around `start` from the salient ones, and returns them.
std::vector<Bin> take_region(Array2d<std::uint8_t>& salient, Bin start) {
  std::vector<Bin> region{start};
  salient(start.row, start.column) = 0;
  for (std::size_t next = 0; next < region.size(); ++next) {
    const Bin bin = region[next];
    const std::size_t last_row = std::min(bin.row + 2, salient.rows);
    const std::size_t last_column = std::min(bin.column + 2, salient.columns);
    for (std::size_t row = bin.row - std::min<std::size_t>(bin.row, 1); row < last_row; ++row) {
      for (std::size_t column = bin.column - std::min<std::size_t>(bin.column, 1);
           column < last_column; ++column) {
        if (salient(row, column) == 0) continue;
        salient(row, column) = 0;
        region.push_back({row, column});
      }
    }
  }
  return region;
}

Region measured(const Result& result, const std::vector<Bin>& bins) {
  const Array2d<double>& contrast = result.explanation.contrast;
  Region region;
  region.bins = bins.size();
  const auto [lowest, highest] = std::ranges::minmax_element(bins, {}, &Bin::row);
  const auto [first, last] = std::ranges::minmax_element(bins, {}, &Bin::column);
  region.box = box_around(result.explanation.spectrogram, {lowest->row, highest->row + 1},
                          {first->column, last->column + 1});
  region.box.begin_s = std::max(region.box.begin_s, result.provenance.audio.begin_s.value_or(0.0));
  region.box.end_s = std::min(region.box.end_s, result.provenance.input_end_s());
  const Bin peak = *std::ranges::max_element(
      bins, {}, [&contrast](const Bin& bin) { return contrast(bin.row, bin.column); });
  region.peak_importance = result.explanation.saliency.importance(peak.row, peak.column);
  for (const Bin& bin : bins) {
    region.mean_contrast += contrast(bin.row, bin.column) / static_cast<double>(bins.size());
  }
  return region;
}

}  // namespace

RegionThreshold RegionThreshold::parse(std::string_view text) {
  if (text == "otsu") return {};
  constexpr std::string_view kErrors = "se:";
  if (!text.starts_with(kErrors)) {
    throw ConfigError(fmt::format(
        "--threshold is '{}'; expected otsu, or se:Z for Z standard errors, such as se:3", text));
  }
  return {Kind::standard_error,
          core::parse_number(text.substr(kErrors.size()), "--threshold se:Z")};
}

std::string to_string(const RegionThreshold& threshold) {
  if (threshold.kind == RegionThreshold::Kind::otsu) return "otsu";
  return fmt::format("se:{}", threshold.standard_errors);
}

void RegionOptions::validate() const {
  core::require(
      threshold.standard_errors >= 0.0,
      fmt::format("--threshold is {}; expected 0 standard errors or more", to_string(threshold)));
  core::require(min_bins >= 1, "--min-bins is 0; expected 1 or more");
}

std::vector<Region> salient_regions(const Result& result, const RegionOptions& options) {
  options.validate();
  core::require(options.threshold.kind == RegionThreshold::Kind::otsu ||
                    degrees_of_freedom(result.explanation) > 0,
                fmt::format("--threshold is {}, but the map has no standard errors; expected otsu, "
                            "or a map of 16 masks or more (not of a sweep)",
                            to_string(options.threshold)));
  Array2d<std::uint8_t> salient = salient_bins(result, options.threshold);
  std::vector<Region> regions;
  for (std::size_t row = 0; row < salient.rows; ++row) {
    for (std::size_t column = 0; column < salient.columns; ++column) {
      if (salient(row, column) == 0) continue;
      const std::vector<Bin> bins = take_region(salient, {row, column});
      if (bins.size() >= options.min_bins) regions.push_back(measured(result, bins));
    }
  }
  std::ranges::stable_sort(regions, {}, [](const Region& region) {
    return std::tuple{region.box.begin_s, region.box.low_hz};
  });
  return regions;
}

}  // namespace relax_spectro
