#include "relax_spectro/mask_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "relax_spectro/error.hpp"
#include "relax_spectro/mask_design.hpp"
#include "require.hpp"

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

ResultSummary read_pilot(const std::filesystem::path& path) {
  ResultSummary pilot = read_result_summary(path);
  require(pilot.family != MaskFamily::window,
          fmt::format("{}: options.masks.family is window: a sweep draws nothing at random, so "
                      "there is no noise to forecast from; expected a result of another family",
                      path.string()));
  return pilot;
}

std::optional<std::size_t> window_forecast(const ResultSummary& pilot, const ResultWindow& window,
                                           double tolerance) {
  if (!window.noise_to_contrast) return std::nullopt;
  // Of the expected estimator, which evaluates 2N, the second half is for the uncertainty.
  const bool half = pilot.estimator == Estimator::expected;
  return forecast_masks(half ? window.masks / 2 : window.masks, *window.noise_to_contrast,
                        tolerance);
}

std::optional<std::size_t> largest_forecast(const ResultSummary& pilot, double tolerance) {
  std::optional<std::size_t> largest;
  for (const ResultWindow& window : pilot.windows) {
    largest = std::max(largest, window_forecast(pilot, window, tolerance));  // nothing is least
  }
  return largest;
}

}  // namespace relax_spectro
