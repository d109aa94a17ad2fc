#include "space/twins.hpp"

#include <fftw3.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <complex>
#include <functional>
#include <set>
#include <span>
#include <utility>

#include "relax_spectro/audio/audio.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kCompared = 3;
constexpr double kCandidateCosine = 0.8;
constexpr double kSeconds = 30.0;
constexpr int kRateHz = 8000;

using Spectrum = std::vector<std::complex<double>>;

/// The transform of a sound of mean 0, with zeros up to `size` samples.
Spectrum transform(std::vector<double> samples, std::size_t size) {
  samples.resize(size, 0.0);
  Spectrum spectrum(size / 2 + 1);
  fftw_plan plan =
      fftw_plan_dft_r2c_1d(static_cast<int>(size), samples.data(),
                           reinterpret_cast<fftw_complex*>(spectrum.data()), FFTW_ESTIMATE);
  fftw_execute(plan);
  fftw_destroy_plan(plan);
  return spectrum;
}

std::vector<double> inverse_transform(Spectrum spectrum, std::size_t size) {
  std::vector<double> samples(size);
  fftw_plan plan =
      fftw_plan_dft_c2r_1d(static_cast<int>(size), reinterpret_cast<fftw_complex*>(spectrum.data()),
                           samples.data(), FFTW_ESTIMATE);
  fftw_execute(plan);
  fftw_destroy_plan(plan);
  return samples;
}

std::vector<double> without_mean(const std::vector<float>& sound) {
  double mean = 0.0;
  for (const float value : sound) mean += value;
  mean /= static_cast<double>(sound.size());
  std::vector<double> samples;
  for (const float value : sound) samples.push_back(value - mean);
  return samples;
}

double squares_of(const std::vector<double>& samples) {
  double sum = 0.0;
  for (const double value : samples) sum += value * value;
  return sum;
}

bool equal_but_for_rounding(std::span<const double> a, std::span<const double> b) {
  constexpr double kEqualApart = 1e-5;
  double size = 0.0;
  double apart = 0.0;
  for (std::size_t c = 0; c < a.size(); ++c) {
    size += a[c] * a[c];
    apart += (a[c] - b[c]) * (a[c] - b[c]);
  }
  return apart <= kEqualApart * kEqualApart * size;
}

/// Nothing if it cannot be read.
std::optional<std::vector<float>> sound_of(const std::string& file) {
  try {
    AudioOptions options;
    options.end_s = kSeconds;
    return resample(read_audio(file, options), kRateHz).samples;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

double greatest_correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const std::vector<double> first = without_mean(a);
  const std::vector<double> second = without_mean(b);
  const double size_of_both = std::sqrt(squares_of(first) * squares_of(second));
  if (size_of_both == 0.0) return 0.0;
  const std::size_t size = std::bit_ceil(first.size() + second.size());
  Spectrum product = transform(first, size);
  const Spectrum other = transform(second, size);
  for (std::size_t i = 0; i < product.size(); ++i) product[i] *= std::conj(other[i]);
  double greatest = 0.0;
  for (const double value : inverse_transform(std::move(product), size)) {
    greatest = std::max(greatest, std::abs(value));
  }
  return greatest / static_cast<double>(size) / size_of_both;
}

std::vector<Twins> find_twins(const std::vector<RowNeighbours>& neighbours,
                              const std::vector<std::string>& files,
                              const Array2d<double>& embeddings) {
  std::vector<Twins> found;
  std::set<std::pair<std::size_t, std::size_t>> compared;
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    std::optional<std::optional<std::vector<float>>> sound;  // read when it is first needed
    for (std::size_t rank = 0; rank < std::min(kCompared, neighbours[i].nearest.size()); ++rank) {
      const std::size_t j = neighbours[i].nearest[rank].row;
      const bool equal = equal_but_for_rounding(embeddings.row(i), embeddings.row(j));
      const double cosine = equal ? 1.0 : neighbours[i].nearest[rank].cosine;
      if (cosine < kCandidateCosine || !compared.insert(std::minmax(i, j)).second) continue;
      if (!sound) sound = sound_of(files[i]);
      const auto other = *sound ? sound_of(files[j]) : std::nullopt;
      Twins twins{std::min(i, j), std::max(i, j), cosine, std::nullopt};
      if (other) twins.correlation = greatest_correlation(**sound, *other);
      if (other ? *twins.correlation >= kTwinCorrelation : cosine >= kTwinCosine) {
        found.push_back(twins);
      }
    }
  }
  std::ranges::stable_sort(found, std::ranges::greater(), &Twins::cosine);
  return found;
}

}  // namespace relax_spectro
