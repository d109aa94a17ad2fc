#include <fmt/format.h>

#include <array>

#include "model/architectures/network_writer.hpp"
#include "model/architectures/published.hpp"

namespace relax_spectro::core {
namespace {

/// A block of MobileNetV3 (Howard et al. 2019, table 1). The shapes of its weights give its sizes.
struct InvertedResidual {
  bool expands = true;
  std::size_t kernel = 3;
  bool squeezes = false;
  bool hard_swish = false;  // otherwise ReLU
  std::size_t stride = 1;
};

constexpr std::array<InvertedResidual, 15> kBlocks{{
    {.expands = false},
    {.stride = 2},
    {},
    {.kernel = 5, .squeezes = true, .stride = 2},
    {.kernel = 5, .squeezes = true},
    {.kernel = 5, .squeezes = true},
    {.hard_swish = true, .stride = 2},
    {.hard_swish = true},
    {.hard_swish = true},
    {.hard_swish = true},
    {.squeezes = true, .hard_swish = true},
    {.squeezes = true, .hard_swish = true},
    {.kernel = 5, .squeezes = true, .hard_swish = true, .stride = 2},
    {.kernel = 5, .squeezes = true, .hard_swish = true},
    {.kernel = 5, .squeezes = true, .hard_swish = true},
}};

FrontEndConfig efficientat_front_end() {
  FrontEndConfig config;
  config.sample_rate_hz = 32000;
  config.pre_emphasis = 0.97;
  config.window = WindowShape::hann_symmetric;
  config.window_samples = 800;
  config.fft_samples = 1024;
  config.hop_samples = 320;
  config.spectrum = SpectrumKind::power;
  config.triangle_domain = TriangleDomain::mel;
  config.bands = 128;
  config.low_hz = 0.0;
  config.high_hz = 15000.0;
  config.log_base = LogBase::e;
  config.log_offset = 1e-5;
  config.normalisation_subtract = -4.5;
  config.normalisation_divide = 5.0;
  return config;
}

/// A convolution with its batch norm and activation.
std::size_t convolve(NetworkWriter& writer, const std::string& key, ConvLayer layer,
                     std::string_view activation, std::size_t channels) {
  layer.key = key + ".0";
  layer.norm_key = key + ".1";
  layer.norm_epsilon = 1e-3;
  channels = writer.convolve(layer, channels);
  if (!activation.empty()) writer.line(fmt::format("x = torch.{}(x)", activation));
  return channels;
}

void squeeze(NetworkWriter& writer, const std::string& key, std::size_t channels) {
  writer.line("s = torch.mean(x, [2, 3])");
  const std::size_t squeezed = writer.apply_linear(key + ".conc_se_layers.0.fc1", channels, "s");
  writer.line("s = torch.relu(s)");
  writer.apply_linear(key + ".conc_se_layers.0.fc2", squeezed, "s");
  writer.line("x = x * torch.sigmoid(s).unsqueeze(2).unsqueeze(3)");
}

std::size_t write_block(NetworkWriter& writer, const std::string& key,
                        const InvertedResidual& block, std::size_t channels) {
  const std::string_view activation = block.hard_swish ? "hardswish" : "relu";
  int part = 0;
  const auto next_key = [&] { return fmt::format("{}.block.{}", key, part++); };
  const std::size_t before = channels;
  writer.line("skip = x");
  if (block.expands) {
    channels = convolve(writer, next_key(), {.kernel = 1}, activation, channels);
  }
  channels = convolve(writer, next_key(),
                      {.kernel = block.kernel, .stride = block.stride, .depthwise = true},
                      activation, channels);
  if (block.squeezes) squeeze(writer, next_key(), channels);
  channels = convolve(writer, next_key(), {.kernel = 1}, {}, channels);
  if (block.stride == 1 && channels == before) writer.line("x = x + skip");
  return channels;
}

NetworkSource efficientat_network(const StateDict& weights, const std::string& file) {
  NetworkWriter writer(weights, file);
  std::size_t channels = convolve(writer, "features.0", {.stride = 2}, "hardswish", 1);
  std::size_t index = 1;
  for (const InvertedResidual& block : kBlocks) {
    channels = write_block(writer, fmt::format("features.{}", index++), block, channels);
  }
  channels =
      convolve(writer, fmt::format("features.{}", index), {.kernel = 1}, "hardswish", channels);
  writer.line("x = torch.mean(x, [2, 3])");
  writer.line("embedding = x");
  const std::size_t size = writer.apply_linear("classifier.2", channels);
  writer.line("x = torch.hardswish(x)");
  writer.apply_linear("classifier.5", size);
  return writer.finish("x, embedding");
}

}  // namespace

std::vector<Architecture> efficientat_architectures() {
  Architecture mn;
  mn.name = "efficientat-mn";
  mn.description = "EfficientAT's MobileNetV3 of any width (mn04_as, mn10_as, ...): AudioSet tags";
  mn.weights = "mn*_as*.pt of EfficientAT's releases; MIT";
  mn.card.name = "efficientat-mn";
  mn.card.description =
      "MobileNetV3 trained on AudioSet (Schmid, Koutini and Widmer, Efficient Large-scale Audio "
      "Tagging via Transformer-to-CNN Knowledge Distillation, ICASSP 2023)";
  mn.card.licence = "MIT";
  mn.card.source = "github.com/fschmid56/EfficientAT";
  mn.card.front_end = efficientat_front_end();
  mn.card.input.axes = {InputAxis::batch, InputAxis::channel, InputAxis::frequency,
                        InputAxis::time};
  mn.card.input.window_frames = 1000;
  mn.card.input.hop_frames = 1000;
  mn.card.input.variable_length = true;
  mn.card.class_scores = OutputPlace{.position = 0};
  mn.card.embedding = OutputPlace{.position = 1};
  mn.card.activation = Activation::sigmoid;
  mn.network = efficientat_network;
  return {mn};
}

}  // namespace relax_spectro::core
