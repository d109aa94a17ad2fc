#include "evaluation/flip_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include "base/statistics.hpp"

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
                            bool (FlipGains::*beats)() const, double FlipGains::*gain_of) {
  std::vector<double> gains;
  double rounding = 0.0;
  for (const FlipGains& recording : recordings) {
    gains.push_back(recording.*gain_of);
    rounding = std::max(rounding, recording.rounding);
  }
  const auto better = std::ranges::count_if(recordings, beats);
  const double mean =
      std::accumulate(gains.begin(), gains.end(), 0.0) / static_cast<double>(gains.size());
  const std::optional<Interval> interval = bootstrap_interval(gains);
  return fmt::format(
      "beats {} in {} of {} recordings; mean gain {:.3g} (n = {}{}); sign test of the gains: "
      "p = {:.2g}\n",
      control, better, gains.size(), mean, gains.size(),
      interval ? fmt::format(", 95 % interval {:.3g} to {:.3g}", interval->low, interval->high)
               : "",
      sign_test(gains, rounding));
}

}  // namespace

std::string verdict_of(const FlipGains& gains) {
  return against_loudness(gains) + "; " + against_chance(gains);
}

std::string verdict_over(std::span<const FlipGains> recordings) {
  return over_recordings(recordings, "loudness", &FlipGains::beats_loudness,
                         &FlipGains::over_amplitude) +
         over_recordings(recordings, "chance (every random order)", &FlipGains::beats_chance,
                         &FlipGains::over_random);
}

}  // namespace relax_spectro
