#include "evaluation/map_similarity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/statistics/bivariate_statistics.hpp>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <vector>

#include "base/require.hpp"

namespace relax_spectro {
namespace {

std::optional<double> correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto is_constant = [](const std::vector<double>& values) {
    return values.size() < 2 || std::ranges::max(values) == std::ranges::min(values);
  };
  if (is_constant(a) || is_constant(b)) return std::nullopt;
  return std::clamp(boost::math::statistics::correlation_coefficient(a, b), -1.0, 1.0);
}

std::vector<double> mean_ranks(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&values](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) {
      ranks[order[i]] = 0.5 * static_cast<double>(begin + end - 1);
    }
    begin = end;
  }
  return ranks;
}

/// The bins that have a value in both maps.
struct CommonBins {
  std::vector<double> a;
  std::vector<double> b;
};

CommonBins common_bins(const Array2d<double>& a, const Array2d<double>& b) {
  core::require(a.rows == b.rows && a.columns == b.columns,
                fmt::format("maps of {} x {} and {} x {} bins cannot be compared; "
                            "expected the same shape",
                            a.rows, a.columns, b.rows, b.columns));
  CommonBins bins;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    if (std::isnan(a.values[i]) || std::isnan(b.values[i])) continue;
    bins.a.push_back(a.values[i]);
    bins.b.push_back(b.values[i]);
  }
  return bins;
}

}  // namespace

std::optional<double> map_correlation(const Array2d<double>& a, const Array2d<double>& b) {
  const CommonBins bins = common_bins(a, b);
  return correlation(bins.a, bins.b);
}

MapSimilarity map_similarity(const Array2d<double>& a, const Array2d<double>& b) {
  const CommonBins bins = common_bins(a, b);
  return {correlation(bins.a, bins.b), correlation(mean_ranks(bins.a), mean_ranks(bins.b))};
}

}  // namespace relax_spectro
