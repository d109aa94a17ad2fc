#include "cli/mask_plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "relax_spectro/masks/mask_plan.hpp"
#include "relax_spectro/results/pilot.hpp"

namespace relax_spectro::cli {
namespace {

constexpr std::array kErrors{0.1, 0.05, 0.025, 0.01};
constexpr double kMissProbability = 0.05;
constexpr std::array kTolerances{0.30, 0.20, 0.15, 0.10, 0.05};

// Measured with mobilenetv3-small on two recordings, five seeds each, against the noise of 8192
// masks: forecasts from 1024 masks were 0.96 to 1.08 of what it takes, from 512 0.72 to 1.07, from
// 256 0.47 to 0.88.
constexpr std::size_t kFewestMasksForForecast = 512;

/// Forecasts in columns, one for each tolerance.
template <typename Forecast>
std::string forecast_columns(const Forecast& forecast) {
  std::string text;
  for (const double tolerance : kTolerances) text += fmt::format(" {:>8}", *forecast(tolerance));
  return text;
}

std::string window_row(const ResultSummary& pilot, const ResultWindow& window) {
  const std::string times =
      fmt::format("{:.2f} to {:.2f}", window.first_frame_s, window.last_frame_s);
  if (!window.noise_to_contrast) {
    return fmt::format("{:<18}{:>8}{:>7}   unresolved: no forecast\n", times, window.masks, "-");
  }
  return fmt::format("{:<18}{:>8}{:>7.3f}{}\n", times, window.masks, *window.noise_to_contrast,
                     forecast_columns([&](double tolerance) {
                       return window_forecast(pilot, window, tolerance);
                     }));
}

bool is_rough(const ResultWindow& window) {
  return window.noise_to_contrast && window.masks < kFewestMasksForForecast;
}

}  // namespace

std::string error_plan_text(Shape2d bins, double keep_probability) {
  const std::string all_bins = fmt::format("all {}x{} bins at once", bins.rows, bins.columns);
  std::string text = fmt::format(
      "Masks for an error of importance of at most t, in 95 of 100 runs, whatever the model:\n\n"
      "{:>7}   {:>15}   {:>7}   {:>{}}\n",
      "error t", "as often quoted", "one bin", all_bins, all_bins.size());
  for (const double error : kErrors) {
    const ErrorBound bound{error, kMissProbability};
    text += fmt::format("{:>7}   {:>15}   {:>7}   {:>{}}\n", error, masks_for_error(bound, 1.0, 1),
                        masks_for_error(bound, keep_probability, 1),
                        masks_for_error(bound, keep_probability, bins.rows * bins.columns),
                        all_bins.size());
  }
  return text +
         fmt::format(
             "\nHolds for scores from 0 to 1 (probabilities; the cosine of embeddings without "
             "negative numbers), not for logits.\n"
             "Hoeffding's bound, for independent masks that keep {:.4g}, with the mask-sum or the "
             "expected estimator.\n"
             "What is often quoted is for terms from 0 to 1; those of importance reach 1 / keep = "
             "{:.4g}.\n",
             keep_probability, 1.0 / keep_probability);
}

std::string pilot_plan_text(const ResultSummary& pilot, const std::filesystem::path& path) {
  std::string text = fmt::format(
      "Masks for each window to bring the noise / contrast h of its map down, forecast from\n"
      "{} ({}, {} masks, {}):\n\n"
      "{:<18}{:>8}{:>7}",
      path.string(), pilot.input_path, to_string(pilot.family), to_string(pilot.estimator),
      "window (s)", "masks", "h");
  for (const double tolerance : kTolerances)
    text += fmt::format("{:>9}", fmt::format("h {:.2f}", tolerance));
  text += "\n";
  for (const ResultWindow& window : pilot.windows) text += window_row(pilot, window);
  const bool resolved = largest_forecast(pilot, kTolerances[0]).has_value();
  if (resolved && pilot.windows.size() > 1) {
    text += fmt::format("{:<33}{}\n", "the largest counts", forecast_columns([&](double tolerance) {
                          return largest_forecast(pilot, tolerance);
                        }));
  }
  if (std::ranges::any_of(pilot.windows, is_rough)) {
    text += fmt::format(
        "\nA forecast from fewer than {} masks is rough: it may be half of what it takes.\n",
        kFewestMasksForForecast);
  }
  return text;
}

}  // namespace relax_spectro::cli
