#include "relax_spectro/base/threshold.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "base/enum_names.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kThresholds{
    "threshold",
    std::array{std::pair{ThresholdKind::mean, "mean"sv}, std::pair{ThresholdKind::otsu, "otsu"sv},
               std::pair{ThresholdKind::triangle, "triangle"sv}}};

constexpr std::size_t kBins = 256;

struct Histogram {
  double low = 0.0;
  double width = 0.0;  // of a bin; 0: all values are equal
  std::array<double, kBins> counts{};

  explicit Histogram(const std::vector<double>& values) {
    const auto [least, greatest] = std::ranges::minmax(values);
    low = least;
    width = (greatest - least) / static_cast<double>(kBins);
    if (!(width > 0.0)) return;
    for (const double value : values) {
      counts[std::min(static_cast<std::size_t>((value - low) / width), kBins - 1)] += 1.0;
    }
  }
  [[nodiscard]] double centre(std::size_t bin) const {
    return low + (static_cast<double>(bin) + 0.5) * width;
  }
};

double otsu(const Histogram& histogram) {
  double total = 0.0;
  double total_sum = 0.0;
  for (std::size_t bin = 0; bin < kBins; ++bin) {
    total += histogram.counts[bin];
    total_sum += histogram.counts[bin] * histogram.centre(bin);
  }
  std::size_t best = 0;
  double most = -1.0;
  double below = 0.0;
  double below_sum = 0.0;
  for (std::size_t bin = 0; bin + 1 < kBins; ++bin) {  // bins up to this one count as low
    below += histogram.counts[bin];
    below_sum += histogram.counts[bin] * histogram.centre(bin);
    const double difference = below_sum / below - (total_sum - below_sum) / (total - below);
    const double between = below * (total - below) * difference * difference;
    if (between > most) {
      most = between;
      best = bin;
    }
  }
  return histogram.centre(best);
}

double triangle(const Histogram& histogram) {
  const auto& counts = histogram.counts;
  const auto peak = static_cast<std::size_t>(std::ranges::max_element(counts) - counts.begin());
  // The first and last bins contain the extremes, so both ends of the histogram count.
  const bool towards_low = peak > kBins - 1 - peak;
  const std::size_t length = towards_low ? peak : kBins - 1 - peak;
  const auto bin_at = [&](std::size_t step) { return towards_low ? peak - step : peak + step; };
  const double end_count = counts[bin_at(length)];
  std::size_t best = 0;
  double farthest = 0.0;
  for (std::size_t step = 0; step <= length; ++step) {
    const double part = static_cast<double>(step) / static_cast<double>(length);
    const double line = counts[peak] + (end_count - counts[peak]) * part;
    const double below_line = line - counts[bin_at(step)];
    if (below_line > farthest) {
      farthest = below_line;
      best = step;
    }
  }
  return histogram.centre(bin_at(best));
}

double mean(const std::vector<double>& values) {
  double sum = 0.0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

}  // namespace

ThresholdKind parse_threshold(std::string_view name) { return kThresholds.parse(name); }
std::string_view to_string(ThresholdKind kind) { return kThresholds.name_of(kind); }

double threshold_of(std::span<const double> values, ThresholdKind kind) {
  std::vector<double> finite;
  std::ranges::copy_if(values, std::back_inserter(finite),
                       [](double value) { return std::isfinite(value); });
  if (finite.empty()) return std::numeric_limits<double>::quiet_NaN();
  const Histogram histogram(finite);
  if (!(histogram.width > 0.0)) return finite.front();
  if (kind == ThresholdKind::otsu) return otsu(histogram);
  if (kind == ThresholdKind::triangle) return triangle(histogram);
  return mean(finite);
}

}  // namespace relax_spectro
