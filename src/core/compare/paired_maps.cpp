#include "compare/paired_maps.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>
#include <vector>

#include "compare/half_maps.hpp"

namespace relax_spectro {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// A place between two bins of an axis.
struct Between {
  std::size_t low = 0;
  std::size_t high = 0;
  double share = 0.0;  ///< of the higher; NaN outside of the axis
};

/// Where the values of one axis lie on another. Half a bin beyond its ends still counts.
std::vector<Between> places_on(const std::vector<double>& axis, const std::vector<double>& values) {
  std::vector<Between> places;
  const std::size_t last = axis.size() - 1;
  const double below = last > 0 ? (axis[1] - axis[0]) / 2.0 : 0.0;
  const double above = last > 0 ? (axis[last] - axis[last - 1]) / 2.0 : 0.0;
  for (const double value : values) {
    const auto next =
        static_cast<std::size_t>(std::ranges::upper_bound(axis, value) - axis.begin());
    if (value < axis.front() - below || value > axis.back() + above) {
      places.push_back({0, 0, kNaN});
    } else if (next == 0 || next > last) {
      const std::size_t end = next == 0 ? 0 : last;
      places.push_back({end, end, 0.0});
    } else {
      places.push_back({next - 1, next, (value - axis[next - 1]) / (axis[next] - axis[next - 1])});
    }
  }
  return places;
}

Array2d<double> on_axes(const Array2d<double>& map, const Spectrogram& from,
                        const Spectrogram& to) {
  if (from.frequency_hz == to.frequency_hz && from.time_s == to.time_s) return map;
  const std::vector<Between> bands = places_on(from.frequency_hz, to.frequency_hz);
  const std::vector<Between> frames = places_on(from.time_s, to.time_s);
  Array2d<double> result(bands.size(), frames.size());
  for (std::size_t f = 0; f < bands.size(); ++f) {
    for (std::size_t t = 0; t < frames.size(); ++t) {
      const auto at = [&](std::size_t band) {
        return std::lerp(map(band, frames[t].low), map(band, frames[t].high), frames[t].share);
      };
      result(f, t) = std::lerp(at(bands[f].low), at(bands[f].high), bands[f].share);
    }
  }
  return result;
}

/// Which axes two models meet on does not depend on their order.
bool is_coarser(const Result& a, const Result& b) {
  const auto size = [](const Result& result) {
    const Spectrogram& axes = result.explanation.spectrogram;
    return std::tuple(axes.frequency_hz.size(), axes.time_s.size(),
                      result.provenance.model_hashes());
  };
  return size(a) <= size(b);
}

PairedMaps on_common_axes(const Result& a, const Result& b, const Array2d<double>& map_a,
                          const Array2d<double>& map_b) {
  const Spectrogram& of_a = a.explanation.spectrogram;
  const Spectrogram& of_b = b.explanation.spectrogram;
  const Spectrogram& axes = is_coarser(a, b) ? of_a : of_b;
  PairedMaps maps{axes, on_axes(map_a, of_a, axes), on_axes(map_b, of_b, axes)};
  const double end_s = a.provenance.input_end_s();
  for (std::size_t i = 0; i < maps.a.values.size(); ++i) {
    const bool counts = axes.time_s[i % maps.a.columns] <= end_s &&
                        std::isfinite(maps.a.values[i]) && std::isfinite(maps.b.values[i]);
    if (!counts) maps.a.values[i] = maps.b.values[i] = kNaN;
  }
  return maps;
}

Result read_with_contrast(const std::filesystem::path& json_path) {
  Result result = read_result(json_path);
  read_arrays(json_path, {"contrast"}, result.explanation);
  return result;
}

/// With what half_maps needs.
Result read_for_halves(const std::filesystem::path& json_path) {
  Result result = read_result(json_path);
  const bool is_sweep = result.options.masks.source() == MaskSource::swept;
  read_arrays(json_path, {is_sweep ? "contrast" : "scores"}, result.explanation);
  return result;
}

Array2d<float> read_input(const PairedResult& pair, const Result& a, const Result& b) {
  return converted<float>(read_map(is_coarser(a, b) ? pair.a : pair.b, "spectrogram"));
}

}  // namespace

PairedMaps read_paired_maps(const PairedResult& pair, WithInput with_input) {
  const Result a = read_with_contrast(pair.a);
  const Result b = read_with_contrast(pair.b);
  PairedMaps maps = on_common_axes(a, b, a.explanation.contrast, b.explanation.contrast);
  if (with_input == WithInput::yes) maps.axes.values = read_input(pair, a, b);
  return maps;
}

std::optional<std::array<PairedMaps, 2>> read_paired_halves(const PairedResult& pair) {
  const Result a = read_for_halves(pair.a);
  const Result b = read_for_halves(pair.b);
  const auto halves_a = half_maps(a);
  const auto halves_b = half_maps(b);
  if (!halves_a || !halves_b) return std::nullopt;
  std::array halves{on_common_axes(a, b, (*halves_a)[0], (*halves_b)[0]),
                    on_common_axes(a, b, (*halves_a)[1], (*halves_b)[1])};
  halves[0].axes.values = read_input(pair, a, b);
  halves[1].axes.values = halves[0].axes.values;
  return halves;
}

}  // namespace relax_spectro
