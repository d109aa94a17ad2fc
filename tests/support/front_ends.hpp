#pragma once

#include "relax_spectro/front_end.hpp"

namespace relax_spectro::test {

// Published front ends, as models/CARD.md would spell them.

inline FrontEndConfig vggish_front_end() {
  FrontEndConfig config;
  config.sample_rate_hz = 16000;
  config.window_samples = 400;
  config.fft_samples = 512;
  config.hop_samples = 160;
  config.window_position = WindowPosition::start;
  config.padding = Padding::none;
  config.spectrum = SpectrumKind::magnitude;
  config.triangle_domain = TriangleDomain::mel;
  config.bands = 64;
  config.low_hz = 125.0;
  config.high_hz = 7500.0;
  config.log_offset = 0.01;
  return config;
}

inline FrontEndConfig efficientat_front_end() {
  FrontEndConfig config;
  config.sample_rate_hz = 32000;
  config.pre_emphasis = 0.97;
  config.window = WindowShape::hann_symmetric;
  config.window_samples = 800;
  config.fft_samples = 1024;
  config.hop_samples = 320;
  config.triangle_domain = TriangleDomain::mel;
  config.bands = 128;
  config.low_hz = 0.0;
  config.high_hz = 15000.0;
  config.log_offset = 1e-5;
  config.normalisation_subtract = -4.5;
  config.normalisation_divide = 5.0;
  return config;
}

inline FrontEndConfig panns_front_end() {
  FrontEndConfig config;
  config.sample_rate_hz = 32000;
  config.window_samples = 1024;
  config.fft_samples = 1024;
  config.hop_samples = 320;
  config.mel_scale = MelScale::slaney;
  config.band_norm = BandNorm::slaney;
  config.bands = 64;
  config.low_hz = 50.0;
  config.high_hz = 14000.0;
  config.log_base = LogBase::ten;
  config.log_scale = 10.0;
  config.log_floor = 1e-10;
  return config;
}

}  // namespace relax_spectro::test
