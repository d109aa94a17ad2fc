#include "base/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <vector>

#include "base/draw_stream.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kResamples = 10'000;

double resampled_mean(std::span<const double> values, core::DrawStream draws) {
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += values[draws.next_below(values.size())];
  return sum / static_cast<double>(values.size());
}

}  // namespace

std::optional<Interval> bootstrap_interval(std::span<const double> values, std::uint64_t seed) {
  if (values.size() < kFewestForInterval) return std::nullopt;
  std::vector<double> means(kResamples);
  for (std::size_t r = 0; r < kResamples; ++r) {
    means[r] = resampled_mean(values, {seed, r, core::DrawsFor::bootstrap});
  }
  std::ranges::sort(means);
  return Interval{means[kResamples / 40], means[kResamples - 1 - kResamples / 40]};
}

double sign_test(std::span<const double> differences, double zero) {
  const auto positive = std::ranges::count_if(differences, [zero](double d) { return d > zero; });
  const auto negative = std::ranges::count_if(differences, [zero](double d) { return d < -zero; });
  if (positive + negative == 0) return 1.0;
  const boost::math::binomial fair(static_cast<double>(positive + negative), 0.5);
  return std::min(1.0, 2.0 * cdf(fair, static_cast<double>(std::min(positive, negative))));
}

}  // namespace relax_spectro
