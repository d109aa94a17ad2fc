#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <span>
#include <string>

#include "model/architectures/network_writer.hpp"

namespace relax_spectro::core {

/// A block of MobileNetV3 (Howard et al. 2019, tables 1 and 2): its sizes are those of its weights.
struct InvertedResidual {
  bool expands = true;
  std::size_t kernel = 3;
  bool squeezes = false;
  bool hard_swish = false;  ///< or else ReLU
  std::size_t stride = 1;
};

inline constexpr std::array<InvertedResidual, 15> kMobileNetV3Large{{
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

inline constexpr std::array<InvertedResidual, 11> kMobileNetV3Small{{
    {.expands = false, .squeezes = true, .stride = 2},
    {.stride = 2},
    {},
    {.kernel = 5, .squeezes = true, .hard_swish = true, .stride = 2},
    {.kernel = 5, .squeezes = true, .hard_swish = true},
    {.kernel = 5, .squeezes = true, .hard_swish = true},
    {.kernel = 5, .squeezes = true, .hard_swish = true},
    {.kernel = 5, .squeezes = true, .hard_swish = true},
    {.kernel = 5, .squeezes = true, .hard_swish = true, .stride = 2},
    {.kernel = 5, .squeezes = true, .hard_swish = true},
    {.kernel = 5, .squeezes = true, .hard_swish = true},
}};

/// Where published networks differ in their squeeze-and-excitation.
struct SqueezeStyle {
  std::string prefix;  ///< of "fc1" and "fc2", behind the block's own
  std::string gate;    ///< "torch.sigmoid"
};

/// The convolutions of a MobileNetV3, named features.0, features.1, ... .
/// @returns  the channels of x now.
std::size_t write_mobilenetv3_features(NetworkWriter& writer,
                                       std::span<const InvertedResidual> blocks,
                                       const SqueezeStyle& style, std::size_t channels);

/// The pooled features, which are the embedding, and the two linear layers of that name that make
/// class scores of them: forward() gives scores and embedding.
/// @throws ModelError  as NetworkWriter::finish
[[nodiscard]] NetworkSource finish_mobilenetv3(NetworkWriter& writer, std::size_t channels,
                                               const std::array<std::string, 2>& linear_keys);

}  // namespace relax_spectro::core
