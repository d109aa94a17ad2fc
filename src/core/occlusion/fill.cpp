#include "relax_spectro/occlusion/fill.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "base/draw_stream.hpp"
#include "base/enum_names.hpp"
#include "base/parse_number.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kFills{
    "fill",
    std::array{std::pair{FillKind::zero, "zero"sv}, std::pair{FillKind::silence, "silence"sv},
               std::pair{FillKind::min, "min"sv}, std::pair{FillKind::mean, "mean"sv},
               std::pair{FillKind::band_mean, "band-mean"sv},
               std::pair{FillKind::constant, "constant"sv}, std::pair{FillKind::noise, "noise"sv},
               std::pair{FillKind::blur, "blur"sv}}};

double mean_of(std::span<const float> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sd_of(std::span<const float> values, double mean) {
  double squares = 0.0;
  for (const float value : values) squares += std::pow(static_cast<double>(value) - mean, 2);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

Array2d<float> band_means(const Array2d<float>& window) {
  Array2d<float> fill(window.rows, window.columns);
  for (std::size_t band = 0; band < window.rows; ++band) {
    std::ranges::fill(fill.row(band), static_cast<float>(mean_of(window.row(band))));
  }
  return fill;
}

/// A standard normal number that depends only on (seed, index).
double normal_number(std::uint64_t seed, std::uint64_t index) {
  core::DrawStream draws(seed, index, core::DrawsFor::noise_fill);
  return core::normal_pair(draws)[0];
}

Array2d<float> band_noise(const Array2d<float>& window, std::uint64_t seed) {
  Array2d<float> fill(window.rows, window.columns);
  for (std::size_t band = 0; band < window.rows; ++band) {
    const double mean = mean_of(window.row(band));
    const double sd = sd_of(window.row(band), mean);
    for (std::size_t t = 0; t < window.columns; ++t) {
      fill(band, t) =
          static_cast<float>(mean + sd * normal_number(seed, band * window.columns + t));
    }
  }
  return fill;
}

std::vector<double> gaussian_kernel(double sigma_bins) {
  const auto radius = static_cast<std::ptrdiff_t>(std::ceil(3.0 * sigma_bins));
  std::vector<double> kernel;
  for (std::ptrdiff_t i = -radius; i <= radius; ++i) {
    kernel.push_back(std::exp(-0.5 * std::pow(static_cast<double>(i) / sigma_bins, 2)));
  }
  const double sum = std::accumulate(kernel.begin(), kernel.end(), 0.0);
  for (double& weight : kernel) weight /= sum;
  return kernel;
}

/// Blurs along time and transposes. Applied twice, this blurs both axes and restores their order.
/// Edge bins are repeated beyond the window.
Array2d<float> blurred_and_transposed(const Array2d<float>& image,
                                      const std::vector<double>& kernel) {
  Array2d<float> result(image.columns, image.rows);
  const auto radius = static_cast<std::ptrdiff_t>(kernel.size() / 2);
  const auto last = static_cast<std::ptrdiff_t>(image.columns) - 1;
  for (std::size_t row = 0; row < image.rows; ++row) {
    for (std::ptrdiff_t t = 0; t <= last; ++t) {
      double sum = 0.0;
      for (std::ptrdiff_t i = -radius; i <= radius; ++i) {
        const auto source = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(t + i, 0, last));
        sum +=
            kernel[static_cast<std::size_t>(i + radius)] * static_cast<double>(image(row, source));
      }
      result(static_cast<std::size_t>(t), row) = static_cast<float>(sum);
    }
  }
  return result;
}

}  // namespace

Fill parse_fill(std::string_view text) {
  const std::size_t colon = text.find(':');
  Fill fill{kFills.parse(text.substr(0, colon))};
  const std::optional<std::string_view> parameter =
      colon == std::string_view::npos ? std::nullopt : std::optional(text.substr(colon + 1));
  if (fill.kind == FillKind::constant) {
    fill.value = core::parse_number(parameter.value_or(""), "fill constant:VALUE");
  } else if (fill.kind == FillKind::blur && parameter) {
    fill.sigma_bins = core::parse_number(*parameter, "fill blur:SIGMA_BINS");
    if (!(fill.sigma_bins > 0.0 && fill.sigma_bins <= 1000.0)) {
      throw ConfigError(
          fmt::format("fill '{}': expected a sigma above 0 and up to 1000 bins", text));
    }
  } else if (parameter) {
    throw ConfigError(fmt::format("fill '{}': {} takes no parameter", text, text.substr(0, colon)));
  }
  return fill;
}

std::string to_string(const Fill& fill) {
  const std::string_view name = kFills.name_of(fill.kind);
  if (fill.kind == FillKind::constant) return fmt::format("{}:{}", name, fill.value);
  if (fill.kind == FillKind::blur) return fmt::format("{}:{}", name, fill.sigma_bins);
  return std::string(name);
}

Array2d<float> make_fill(const Fill& fill, const Array2d<float>& window, float silence,
                         std::uint64_t seed) {
  const auto filled_with = [&window](double value) {
    return Array2d<float>(window.rows, window.columns, static_cast<float>(value));
  };
  switch (fill.kind) {
    case FillKind::zero:
      return filled_with(0.0);
    case FillKind::silence:
      return Array2d<float>(window.rows, window.columns, silence);
    case FillKind::min:
      return filled_with(static_cast<double>(*std::ranges::min_element(window.values)));
    case FillKind::mean:
      return filled_with(mean_of(window.values));
    case FillKind::band_mean:
      return band_means(window);
    case FillKind::constant:
      return filled_with(fill.value);
    case FillKind::noise:
      return band_noise(window, seed);
    case FillKind::blur: {
      const std::vector<double> kernel = gaussian_kernel(fill.sigma_bins);
      return blurred_and_transposed(blurred_and_transposed(window, kernel), kernel);
    }
  }
  throw ConfigError("a fill that does not exist");
}

}  // namespace relax_spectro
