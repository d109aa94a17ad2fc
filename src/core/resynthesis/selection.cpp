#include "resynthesis/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/parse_number.hpp"
#include "base/require.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

constexpr std::string_view kTop = "top:";

/// The contrast of all bins that have one, in ascending order.
std::vector<double> sorted_contrast(const Result& result) {
  std::vector<double> sorted;
  for (const double value : result.explanation.contrast.values) {
    if (!std::isnan(value)) sorted.push_back(value);
  }
  core::require(!sorted.empty(), "the map has no contrast: it is NaN everywhere");
  std::ranges::sort(sorted);
  return sorted;
}

/// The value below which a share of the others lie.
double quantile(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace

Selection Selection::parse(std::string_view text) {
  Selection selection;
  if (text == "contrast") return selection;
  if (text == "regions") {
    selection.kind = Kind::regions;
    return selection;
  }
  if (text.starts_with(kTop)) {
    selection.kind = Kind::top;
    selection.share = core::parse_number(text.substr(kTop.size()), "--select top:SHARE");
    core::require(selection.share > 0.0 && selection.share <= 1.0,
                  fmt::format("--select is '{}'; expected a share above 0 and up to 1", text));
    return selection;
  }
  if (text != "otsu" && !text.starts_with("se:")) {
    throw ConfigError(
        fmt::format("--select is '{}'; expected contrast, top:SHARE, se:Z, otsu or regions", text));
  }
  selection.kind = Kind::threshold;
  selection.threshold = RegionThreshold::parse(text);
  core::require(selection.threshold.value >= 0.0,
                fmt::format("--select is '{}'; expected 0 or more standard errors", text));
  return selection;
}

std::string to_string(const Selection& selection) {
  switch (selection.kind) {
    case Selection::Kind::contrast:
      return "contrast";
    case Selection::Kind::top:
      return fmt::format("{}{}", kTop, selection.share);
    case Selection::Kind::threshold:
      return to_string(selection.threshold);
    case Selection::Kind::regions:
      return "regions";
  }
  return {};
}

Array2d<float> salient_weight(const Result& result, const Selection& selection) {
  const Array2d<double>& contrast = result.explanation.contrast;
  Array2d<float> weight(contrast.rows, contrast.columns);
  if (selection.kind == Selection::Kind::threshold) {
    const std::vector<bool> salient = salient_bins(result, selection.threshold);
    std::ranges::transform(salient, weight.values.begin(),
                           [](bool is_salient) { return is_salient ? 1.0F : 0.0F; });
    return weight;
  }
  const std::vector<double> sorted = sorted_contrast(result);
  if (selection.kind == Selection::Kind::top) {
    const auto count =
        static_cast<std::size_t>(std::ceil(selection.share * static_cast<double>(sorted.size())));
    const double least = sorted[sorted.size() - count];
    std::ranges::transform(contrast.values, weight.values.begin(),
                           [least](double value) { return value >= least ? 1.0F : 0.0F; });
    return weight;
  }
  const double low = quantile(sorted, 0.5);
  const double high = quantile(sorted, 0.95);
  core::require(high > low, "the contrast is the same in half of the map; expected a map");
  std::ranges::transform(contrast.values, weight.values.begin(), [&](double value) {
    return std::isnan(value)
               ? 0.0F
               : static_cast<float>(std::clamp((value - low) / (high - low), 0.0, 1.0));
  });
  return weight;
}

}  // namespace relax_spectro
