#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <vector>

#include "audio/mel_scale.hpp"
#include "relax_spectro/audio/front_end.hpp"

namespace relax_spectro {
namespace core {
namespace {

// Slaney's Auditory Toolbox: linear up to 1 kHz (3 mel for each 200 Hz), then logarithmic (27 steps
// from 1 kHz to 6.4 kHz).
constexpr double kSlaneyHzPerMel = 200.0 / 3.0;
constexpr double kSlaneyBreakHz = 1000.0;
constexpr double kSlaneyBreakMel = kSlaneyBreakHz / kSlaneyHzPerMel;
const double kSlaneyLogStep = std::log(6.4) / 27.0;

// HTK's scale. The factor differs in the literature (1127, 1127.01048 or 2595 / ln 10), but it
// cancels out of every filter bank.
constexpr double kHtkFactor = 1127.0;
constexpr double kHtkBreakHz = 700.0;

}  // namespace

double hz_to_mel(MelScale scale, double hz) {
  if (scale == MelScale::htk) return kHtkFactor * std::log1p(hz / kHtkBreakHz);
  if (hz < kSlaneyBreakHz) return hz / kSlaneyHzPerMel;
  return kSlaneyBreakMel + std::log(hz / kSlaneyBreakHz) / kSlaneyLogStep;
}

double mel_to_hz(MelScale scale, double mel) {
  if (scale == MelScale::htk) return kHtkBreakHz * std::expm1(mel / kHtkFactor);
  if (mel < kSlaneyBreakMel) return mel * kSlaneyHzPerMel;
  return kSlaneyBreakHz * std::exp((mel - kSlaneyBreakMel) * kSlaneyLogStep);
}

std::vector<double> mel_edges_hz(const FrontEndConfig& config) {
  const double low_mel = hz_to_mel(config.mel_scale, config.low_hz);
  const double high_mel = hz_to_mel(config.mel_scale, config.high_hz);
  std::vector<double> edges(config.bands + 2);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const double part = static_cast<double>(i) / static_cast<double>(config.bands + 1);
    edges[i] = mel_to_hz(config.mel_scale, low_mel + part * (high_mel - low_mel));
  }
  return edges;
}

Array2d<double> mel_triangles(const FrontEndConfig& config,
                              std::span<const double> frequencies_hz) {
  const std::vector<double> edges_hz = mel_edges_hz(config);
  const auto along = [&config](double hz) {
    return config.triangle_domain == TriangleDomain::mel ? hz_to_mel(config.mel_scale, hz) : hz;
  };
  Array2d<double> triangles(config.bands, frequencies_hz.size());
  for (std::size_t band = 0; band < config.bands; ++band) {
    const double low = along(edges_hz[band]);
    const double centre = along(edges_hz[band + 1]);
    const double high = along(edges_hz[band + 2]);
    for (std::size_t i = 0; i < triangles.columns; ++i) {
      const double position = along(frequencies_hz[i]);
      const double rising = (position - low) / (centre - low);
      const double falling = (high - position) / (high - centre);
      triangles(band, i) = std::max(0.0, std::min(rising, falling));
    }
  }
  return triangles;
}

}  // namespace core

namespace {

void normalise_band(std::span<double> weights, BandNorm norm, double low_hz, double high_hz) {
  double divisor = 1.0;
  if (norm == BandNorm::slaney) divisor = (high_hz - low_hz) / 2.0;
  if (norm == BandNorm::sum) divisor = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (divisor == 0.0) return;  // the band is so narrow that it contains no bin
  for (double& weight : weights) weight /= divisor;
}

}  // namespace

std::vector<double> band_centres_hz(const FrontEndConfig& config) {
  if (config.own) return config.own->frequency_hz;
  const std::vector<double> edges_hz = core::mel_edges_hz(config);
  return {edges_hz.begin() + 1, edges_hz.end() - 1};
}

Array2d<double> mel_matrix(const FrontEndConfig& config) {
  config.validate();
  std::vector<double> bins_hz(config.fft_samples / 2 + 1);
  for (std::size_t bin = 0; bin < bins_hz.size(); ++bin) {
    bins_hz[bin] =
        static_cast<double>(bin) * config.sample_rate_hz / static_cast<double>(config.fft_samples);
  }
  const std::vector<double> edges_hz = core::mel_edges_hz(config);
  Array2d<double> matrix = core::mel_triangles(config, bins_hz);
  for (std::size_t band = 0; band < config.bands; ++band) {
    normalise_band(matrix.row(band), config.band_norm, edges_hz[band], edges_hz[band + 2]);
  }
  return matrix;
}

}  // namespace relax_spectro
