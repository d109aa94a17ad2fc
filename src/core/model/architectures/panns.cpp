#include <fmt/format.h>

#include "model/architectures/network_writer.hpp"
#include "model/architectures/published.hpp"

namespace relax_spectro::core {
namespace {

constexpr std::size_t kBands = 64;

struct Layout {
  int blocks = 4;
  int convolutions = 2;  // in each block
  std::size_t kernel = 3;
};

constexpr Layout kCnn6{.convolutions = 1, .kernel = 5};
constexpr Layout kCnn10{};
constexpr Layout kCnn14{.blocks = 6};

FrontEndConfig panns_front_end() {
  FrontEndConfig config;
  config.sample_rate_hz = 32000;
  config.window_samples = 1024;
  config.fft_samples = 1024;
  config.hop_samples = 320;
  config.spectrum = SpectrumKind::power;
  config.mel_scale = MelScale::slaney;
  config.band_norm = BandNorm::slaney;
  config.bands = kBands;
  config.low_hz = 50.0;
  config.high_hz = 14000.0;
  config.log_base = LogBase::ten;
  config.log_scale = 10.0;
  config.log_floor = 1e-10;
  return config;
}

template <const Layout& layout>
NetworkSource panns_network(const StateDict& weights, const std::string& file) {
  NetworkWriter writer(weights, file);
  writer.normalise_last_axis("bn0", kBands, 1e-5);
  std::size_t channels = 1;
  for (int block = 1; block <= layout.blocks; ++block) {
    for (int layer = 1; layer <= layout.convolutions; ++layer) {
      const std::string key = fmt::format("conv_block{}.", block);
      channels = writer.convolve({.key = fmt::format("{}conv{}", key, layer),
                                  .norm_key = fmt::format("{}bn{}", key, layer),
                                  .kernel = layout.kernel},
                                 channels);
      writer.line("x = torch.relu(x)");
    }
    if (block < 6) writer.line("x = torch.avg_pool2d(x, [2, 2])");
  }
  writer.line("x = torch.mean(x, [3])");
  writer.line("x = torch.amax(x, [2]) + torch.mean(x, [2])");
  const std::size_t size = writer.apply_linear("fc1", channels);
  writer.line("x = torch.relu(x)");
  writer.line("embedding = x");
  writer.apply_linear("fc_audioset", size);
  // The front end, which PANNs implements as layers.
  writer.ignore("spectrogram_extractor.");
  writer.ignore("logmel_extractor.");
  return writer.finish("x, embedding");
}

Architecture cnn(int layers, NetworkSource (*network)(const StateDict&, const std::string&)) {
  Architecture made;
  made.name = fmt::format("panns-cnn{}", layers);
  made.description = fmt::format("PANNs' CNN{}: AudioSet tags", layers);
  made.weights = fmt::format("Cnn{}_mAP=*.pth of PANNs (Zenodo 3987831); CC BY 4.0", layers);
  made.card.name = made.name;
  made.card.description =
      "VGG-style network trained on AudioSet (Kong et al., PANNs: Large-Scale Pretrained Audio "
      "Neural Networks for Audio Pattern Recognition, 2020)";
  made.card.licence = "CC-BY-4.0";
  made.card.source = "zenodo.org/record/3987831";
  made.card.front_end = panns_front_end();
  made.card.input.axes = {InputAxis::batch, InputAxis::channel, InputAxis::time,
                          InputAxis::frequency};
  made.card.input.window_frames = 1001;
  made.card.input.hop_frames = 1000;
  made.card.input.variable_length = true;
  made.card.class_scores = OutputPlace{.position = 0};
  made.card.embedding = OutputPlace{.position = 1};
  made.card.activation = Activation::sigmoid;
  made.network = network;
  return made;
}

}  // namespace

std::vector<Architecture> panns_architectures() {
  return {cnn(6, panns_network<kCnn6>), cnn(10, panns_network<kCnn10>),
          cnn(14, panns_network<kCnn14>)};
}

}  // namespace relax_spectro::core
