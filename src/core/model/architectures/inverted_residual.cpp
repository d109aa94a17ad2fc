#include "model/architectures/inverted_residual.hpp"

#include <fmt/format.h>

namespace relax_spectro::core {
namespace {

constexpr double kNormEpsilon = 1e-3;

/// A convolution, its batch norm, and what follows them.
std::size_t convolve(NetworkWriter& writer, const std::string& key, ConvLayer layer,
                     std::string_view activation, std::size_t channels) {
  layer.key = key + ".0";
  layer.norm_key = key + ".1";
  layer.norm_epsilon = kNormEpsilon;
  channels = writer.convolve(layer, channels);
  if (!activation.empty()) writer.line(fmt::format("x = torch.{}(x)", activation));
  return channels;
}

void squeeze(NetworkWriter& writer, const std::string& key, const SqueezeStyle& style,
             std::size_t channels) {
  writer.line("s = torch.mean(x, [2, 3])");
  const std::size_t squeezed = writer.apply_linear(key + style.prefix + "fc1", channels, "s");
  writer.line("s = torch.relu(s)");
  writer.apply_linear(key + style.prefix + "fc2", squeezed, "s");
  writer.line(fmt::format("x = x * {}(s).unsqueeze(2).unsqueeze(3)", style.gate));
}

std::size_t write_block(NetworkWriter& writer, const std::string& key,
                        const InvertedResidual& block, const SqueezeStyle& style,
                        std::size_t channels) {
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
  if (block.squeezes) squeeze(writer, next_key() + ".", style, channels);
  channels = convolve(writer, next_key(), {.kernel = 1}, {}, channels);
  if (block.stride == 1 && channels == before) writer.line("x = x + skip");
  return channels;
}

}  // namespace

std::size_t write_mobilenetv3_features(NetworkWriter& writer,
                                       std::span<const InvertedResidual> blocks,
                                       const SqueezeStyle& style, std::size_t channels) {
  channels = convolve(writer, "features.0", {.stride = 2}, "hardswish", channels);
  std::size_t index = 1;
  for (const InvertedResidual& block : blocks) {
    channels = write_block(writer, fmt::format("features.{}", index++), block, style, channels);
  }
  return convolve(writer, fmt::format("features.{}", index), {.kernel = 1}, "hardswish", channels);
}

NetworkSource finish_mobilenetv3(NetworkWriter& writer, std::size_t channels,
                                 const std::array<std::string, 2>& linear_keys) {
  writer.line("x = torch.mean(x, [2, 3])");
  writer.line("embedding = x");
  const std::size_t size = writer.apply_linear(linear_keys[0], channels);
  writer.line("x = torch.hardswish(x)");
  writer.apply_linear(linear_keys[1], size);
  return writer.finish("x, embedding");
}

}  // namespace relax_spectro::core
