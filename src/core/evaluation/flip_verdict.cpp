#include "relax_spectro/evaluation/flip_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "relax_spectro/base/statistics.hpp"

namespace relax_spectro {
namespace {

std::string against_loudness(const FlipGains& gains) {
  if (gains.beats_loudness()) return fmt::format("beats loudness by {:.3g}", gains.over_amplitude);
  return fmt::format("does not beat loudness ({:+.3g})", gains.over_amplitude);
}

std::string against_chance(const FlipGains& gains) {
  if (gains.beats_chance()) {
    return fmt::format("beats chance by {:.3g} (better than all {} random orders)",
                       gains.over_random, gains.random_orders);
  }
  return fmt::format("does not beat chance ({:+.3g}; better than {} of {} random orders)",
                     gains.over_random, gains.better_than, gains.random_orders);
}

std::string over_recordings(std::span<const FlipGains> recordings, const std::string& control,
                            const std::function<double(const FlipGains&)>& gain_of) {
  std::vector<double> gains;
  double rounding = 0.0;
  for (const FlipGains& recording : recordings) {
    gains.push_back(gain_of(recording));
    rounding = std::max(rounding, recording.rounding);
  }
  const auto better = std::ranges::count_if(gains, [&](double gain) { return gain > rounding; });
  const double mean =
      std::accumulate(gains.begin(), gains.end(), 0.0) / static_cast<double>(gains.size());
  const Interval interval = bootstrap_interval(gains);
  return fmt::format(
      "better than {} in {} of {} recordings; mean gain {:.3g}, 95 % interval {:.3g} to {:.3g}; "
      "sign test p = {:.2g}\n",
      control, better, gains.size(), mean, interval.low, interval.high, sign_test(gains, rounding));
}

}  // namespace

std::string verdict_of(const FlipGains& gains) {
  return against_loudness(gains) + "; " + against_chance(gains);
}

std::string verdict_over(std::span<const FlipGains> recordings) {
  return over_recordings(recordings, "loudness",
                         [](const FlipGains& gains) { return gains.over_amplitude; }) +
         over_recordings(recordings, "random orders",
                         [](const FlipGains& gains) { return gains.over_random; });
}

}  // namespace relax_spectro
