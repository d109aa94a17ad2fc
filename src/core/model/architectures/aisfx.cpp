#include <fmt/format.h>

#include "model/architectures/network_writer.hpp"
#include "model/architectures/published.hpp"

namespace relax_spectro::core {
namespace {

FrontEndConfig aisfx_front_end() {
  FrontEndConfig config;
  config.sample_rate_hz = 44100;
  config.window = WindowShape::hann_symmetric;
  config.window_samples = 2048;
  config.fft_samples = 2048;
  config.hop_samples = 1024;
  config.padding = Padding::zero;
  config.spectrum = SpectrumKind::power;
  config.triangle_domain = TriangleDomain::mel;
  config.band_norm = BandNorm::sum;
  config.bands = 96;
  config.low_hz = 0.0;
  config.high_hz = 22050.0;
  config.log_base = LogBase::ten;
  config.log_multiplier = 10000.0;
  config.log_offset = 1.0;
  config.normalisation_divide = 9.457798957824707;
  return config;
}

NetworkSource aisfx_network(const StateDict& weights, const std::string& file) {
  NetworkWriter writer(weights, file);
  std::size_t channels = 1;
  for (const int block : {1, 2, 3, 4}) {
    for (const int layer : {1, 2}) {
      const std::string key = fmt::format("embedding_net.conv_block{}.", block);
      channels = writer.convolve({.key = fmt::format("{}conv{}", key, layer),
                                  .norm_key = fmt::format("{}bn{}", key, layer)},
                                 channels);
      writer.line("x = torch.relu(x)");
    }
    if (block < 4) writer.line("x = torch.max_pool2d(x, [2, 2])");
  }
  writer.ignore("fc.");  // class scores of the training libraries
  return writer.finish("torch.amax(torch.mean(x, [3]), [2])");
}

}  // namespace

std::vector<Architecture> aisfx_architectures() {
  Architecture aisfx;
  aisfx.name = "aisfx";
  aisfx.description = "aiSFX: a VGG-style embedding of sound effects, 512 numbers";
  aisfx.weights = "aisfx/models/checkpoint.pth of the Python package aisfx; CC BY 4.0";
  aisfx.card.name = "aisfx";
  aisfx.card.description =
      "Embedding of sound effects, trained on sound-effect libraries (Ma and Lerch, "
      "Representation Learning for the Automatic Indexing of Sound Effects Libraries, ISMIR 2022)";
  aisfx.card.licence = "CC-BY-4.0";
  aisfx.card.source = "Alison B. Ma and Alexander Lerch, Python package aisfx";
  aisfx.card.front_end = aisfx_front_end();
  aisfx.card.input.axes = {InputAxis::batch, InputAxis::channel, InputAxis::time,
                           InputAxis::frequency};
  aisfx.card.input.window_frames = 100;
  aisfx.card.input.hop_frames = 100;
  aisfx.card.embedding = OutputPlace{};
  aisfx.network = aisfx_network;
  return {aisfx};
}

}  // namespace relax_spectro::core
