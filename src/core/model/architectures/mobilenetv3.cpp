#include <fmt/format.h>

#include <string_view>

#include "model/architectures/inverted_residual.hpp"
#include "model/architectures/published.hpp"

namespace relax_spectro::core {
namespace {

/// Pictures have three channels: a network that takes them gets its spectrogram in each.
std::size_t write_input(NetworkWriter& writer, const StateDict& weights) {
  const auto stem = weights.find("features.0.0.weight");
  const bool takes_pictures =
      stem != weights.end() && stem->second.shape.size() == 4 && stem->second.shape[1] == 3;
  if (!takes_pictures) return 1;
  writer.line("x = x.expand([-1, 3, -1, -1])");
  return 3;
}

template <const auto& blocks>
NetworkSource network(const StateDict& weights, const std::string& file) {
  NetworkWriter writer(weights, file);
  const std::size_t channels = write_input(writer, weights);
  const std::size_t features =
      write_mobilenetv3_features(writer, blocks, {"", "torch.hardsigmoid"}, channels);
  return finish_mobilenetv3(writer, features, {"classifier.0", "classifier.3"});
}

Architecture mobilenetv3(std::string_view size) {
  Architecture made;
  made.name = fmt::format("torchvision-mobilenetv3-{}", size);
  made.description = fmt::format(
      "torchvision's mobilenet_v3_{}, of 1 or 3 input channels; say its front end with --card",
      size);
  made.weights = "a state dict of your own training, or torchvision's of pictures; BSD-3-Clause";
  made.card.name = made.name;
  made.card.description = "MobileNetV3 (Howard et al., Searching for MobileNetV3, ICCV 2019)";
  made.card.class_scores = OutputPlace{.position = 0};
  made.card.embedding = OutputPlace{.position = 1};
  made.card.activation = Activation::softmax;
  return made;
}

}  // namespace

std::vector<Architecture> mobilenetv3_architectures() {
  Architecture small = mobilenetv3("small");
  small.network = network<kMobileNetV3Small>;
  Architecture large = mobilenetv3("large");
  large.network = network<kMobileNetV3Large>;
  return {small, large};
}

}  // namespace relax_spectro::core
