#include "resynthesis/band_gains.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "audio/mel_scale.hpp"
#include "resynthesis/overlap_add.hpp"

namespace relax_spectro {
namespace {

/// A time between two frames, or on one of them.
struct BetweenFrames {
  std::size_t before = 0;
  std::size_t after = 0;
  double share = 0.0;  ///< of `after`

  BetweenFrames(std::span<const double> time_s, double at_s) {
    const auto next = std::ranges::upper_bound(time_s, at_s);
    after = std::min(static_cast<std::size_t>(next - time_s.begin()), time_s.size() - 1);
    before = next == time_s.begin() ? 0 : static_cast<std::size_t>(next - time_s.begin()) - 1;
    if (after > before) share = (at_s - time_s[before]) / (time_s[after] - time_s[before]);
  }

  [[nodiscard]] double of(std::span<const float> row) const {
    return (1.0 - share) * static_cast<double>(row[before]) +
           share * static_cast<double>(row[after]);
  }
};

/// Window and hop of the front end at another rate. The window is even, so that it has a centre, and
/// the hop is at most a quarter of it.
OverlapAddShape shape_for(const FrontEndConfig& config, int rate_hz) {
  const double rates = static_cast<double>(rate_hz) / config.sample_rate_hz;
  const auto at_rate = [rates](std::size_t samples) {
    return static_cast<std::size_t>(std::round(static_cast<double>(samples) * rates));
  };
  OverlapAddShape shape;
  shape.window = std::max<std::size_t>(at_rate(config.window_samples) / 2 * 2, 8);
  shape.hop = std::clamp<std::size_t>(at_rate(config.hop_samples), 1, shape.window / 4);
  shape.fft = std::bit_ceil(std::max(shape.window, at_rate(config.fft_samples)));
  return shape;
}

}  // namespace

/// The bands that cover each bin of a spectrum. Bands above all bins take no part.
class BandGains::Bins {
 public:
  /// @param bins_hz  ascending, up to half of the sample rate.
  Bins(const FrontEndConfig& config, std::span<const double> bins_hz) {
    const Array2d<double> triangles = core::mel_triangles(config, bins_hz);
    const std::vector<double> edges_hz = core::mel_edges_hz(config);
    std::size_t bands = 0;
    while (bands < triangles.rows && edges_hz[bands + 1] <= bins_hz.back()) ++bands;
    for (std::size_t bin = 0; bin < triangles.columns; ++bin) {
      Cover cover;
      double sum = 0.0;
      for (std::size_t band = 0; band < bands; ++band) {
        if (triangles(band, bin) == 0.0) continue;
        if (cover.weights.empty()) cover.first_band = band;
        cover.weights.resize(band - cover.first_band + 1);
        cover.weights.back() = triangles(band, bin);
        sum += triangles(band, bin);
      }
      for (double& weight : cover.weights) weight /= sum;
      covers_.push_back(std::move(cover));
    }
  }

  /// The mean of what its bands have. 1 if no band covers the bin.
  [[nodiscard]] double mean(std::size_t bin, std::span<const double> of_bands) const {
    const Cover& cover = covers_[bin];
    if (cover.weights.empty()) return 1.0;
    double mean = 0.0;
    for (std::size_t i = 0; i < cover.weights.size(); ++i) {
      mean += cover.weights[i] * of_bands[cover.first_band + i];
    }
    return mean;
  }

  [[nodiscard]] bool covers(std::size_t bin) const { return !covers_[bin].weights.empty(); }

 private:
  struct Cover {
    std::size_t first_band = 0;
    std::vector<double> weights;  ///< with the sum 1; empty: no band
  };
  std::vector<Cover> covers_;
};

BandGains::BandGains(FrontEndConfig config, std::span<const double> time_s, BeyondBands beyond,
                     double most)
    : config_(std::move(config)),
      time_s_(time_s.begin(), time_s.end()),
      beyond_(beyond),
      most_(most) {}

void BandGains::multiply(Array2d<float> factors) { factors_.push_back(std::move(factors)); }

Audio BandGains::apply(const Audio& channel) const {
  ChangedSound changed{channel, {}};
  for (std::size_t step = 0; step < factors_.size(); ++step) apply_step(step, changed);
  return changed.sound;
}

void BandGains::apply_last(ChangedSound& changed) const {
  apply_step(factors_.size() - 1, changed);
}

void BandGains::apply_step(std::size_t step, ChangedSound& changed) const {
  const Audio& sound = changed.sound;
  const OverlapAddShape shape = shape_for(config_, sound.sample_rate_hz);
  std::vector<double> bins_hz(shape.fft / 2 + 1);
  for (std::size_t bin = 0; bin < bins_hz.size(); ++bin) {
    bins_hz[bin] = static_cast<double>(bin) * sound.sample_rate_hz / static_cast<double>(shape.fft);
  }
  const Bins bins(config_, bins_hz);
  std::vector<double> of_bands(config_.bands);
  std::size_t next = 0;  // of the totals
  const auto gains_at = [&](double centre, std::span<double> gains) {
    const BetweenFrames place(time_s_, sound.begin_s + centre / sound.sample_rate_hz);
    for (std::size_t band = 0; band < of_bands.size(); ++band) {
      of_bands[band] = place.of(factors_[step].row(band));
    }
    if (step == 0) {
      for (std::size_t bin = 0; bin < gains.size(); ++bin) {
        changed.totals.push_back(beyond_ == BeyondBands::keep || bins.covers(bin) ? 1.0F : 0.0F);
      }
    }
    for (std::size_t bin = 0; bin < gains.size(); ++bin) {
      float& total = changed.totals[next++];
      const float before = total;
      total = static_cast<float>(
          std::min(static_cast<double>(before) * bins.mean(bin, of_bands), most_));
      const double gain =
          before > 0.0F ? static_cast<double>(total) / static_cast<double>(before) : 0.0;
      gains[bin] = config_.spectrum == SpectrumKind::power ? std::sqrt(gain) : gain;
    }
  };
  changed.sound.samples = overlap_added(sound.samples, shape, gains_at);
}

}  // namespace relax_spectro
