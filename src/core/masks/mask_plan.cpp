#include "relax_spectro/masks/mask_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/require.hpp"
#include "relax_spectro/masks/mask_design.hpp"

namespace relax_spectro {
namespace {

using core::require;

std::size_t rounded_up(double masks) {
  constexpr auto kMost = static_cast<double>(kMostPlannedMasks);
  return masks < kMost ? static_cast<std::size_t>(std::ceil(masks)) : kMostPlannedMasks;
}

}  // namespace

std::size_t masks_for_error(const ErrorBound& bound, double keep_probability, std::size_t bins) {
  require(bound.error > 0.0 && bound.error <= 1.0,
          fmt::format("an error of {} cannot be planned for; expected more than 0, at most 1",
                      bound.error));
  require(bound.miss_probability > 0.0 && bound.miss_probability < 1.0,
          fmt::format("a probability of {} to miss the error cannot be planned for; expected a "
                      "value between 0 and 1, both excluded",
                      bound.miss_probability));
  require(keep_probability > 0.0 && keep_probability <= 1.0,
          fmt::format("a keep probability of {} cannot be planned for; expected more than 0, at "
                      "most 1",
                      keep_probability));
  require(bins >= 1, "a plan is for one bin or more, not for 0");
  const double error = keep_probability * bound.error;
  const double misses = bound.miss_probability / static_cast<double>(bins);
  return rounded_up(std::log(2.0 / misses) / (2.0 * error * error));
}

std::size_t forecast_masks(std::size_t masks, double noise_to_contrast, double tolerance) {
  require(tolerance > 0.0,
          fmt::format("a tolerance of {} cannot be planned for; expected more than 0", tolerance));
  const double ratio = noise_to_contrast / tolerance;
  return std::max(rounded_up(static_cast<double>(masks) * ratio * ratio), kFewestMasksForNoise);
}

}  // namespace relax_spectro
