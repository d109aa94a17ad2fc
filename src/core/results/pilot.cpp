#include "relax_spectro/results/pilot.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/require.hpp"
#include "relax_spectro/masks/mask_plan.hpp"

namespace relax_spectro {

ResultSummary read_pilot(const std::filesystem::path& path) {
  ResultSummary pilot = read_result_summary(path);
  core::require(
      pilot.family != MaskFamily::window,
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
