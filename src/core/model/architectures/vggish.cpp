#include <fmt/format.h>

#include <array>

#include "model/architectures/network_writer.hpp"
#include "model/architectures/published.hpp"

namespace relax_spectro::core {
namespace {

struct Layer {
  int index;  // in "features"
  bool pool_after;
};

constexpr std::array<Layer, 6> kFeatures{
    {{0, true}, {3, true}, {6, false}, {8, true}, {11, false}, {13, true}}};
constexpr std::size_t kFlattened = 6 * 4 * 512;
constexpr std::size_t kEmbedding = 128;

FrontEndConfig vggish_front_end() {
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
  config.log_base = LogBase::e;
  config.log_offset = 0.01;
  return config;
}

/// Principal components, clipped and quantised to 256 steps, like the published embeddings of
/// AudioSet. Their separate file has names without the prefix.
void write_post_processing(NetworkWriter& writer, const StateDict& weights) {
  const std::string prefix = weights.contains("pca_means") ? "" : "pproc.";
  const std::string vectors = writer.hold("pproc", "pca_eigen_vectors",
                                          prefix + "pca_eigen_vectors", {kEmbedding, kEmbedding});
  const std::string means = writer.hold("pproc", "pca_means", prefix + "pca_means", {kEmbedding});
  writer.line(fmt::format("x = torch.linear(x - {}.reshape([1, -1]), {})", means, vectors));
  writer.line("x = torch.round((torch.clamp(x, -2.0, 2.0) + 2.0) * 63.75)");
}

template <bool final_relu, bool post_processing>
NetworkSource vggish_network(const StateDict& weights, const std::string& file) {
  NetworkWriter writer(weights, file);
  std::size_t channels = 1;
  for (const Layer& layer : kFeatures) {
    channels = writer.convolve({.key = fmt::format("features.{}", layer.index)}, channels);
    writer.line("x = torch.relu(x)");
    if (layer.pool_after) writer.line("x = torch.max_pool2d(x, [2, 2])");
  }
  // Channels last, which is the order of TensorFlow.
  writer.line("x = x.permute([0, 2, 3, 1]).flatten(1)");
  std::size_t size = kFlattened;
  for (const int index : {0, 2, 4}) {
    size = writer.apply_linear(fmt::format("embeddings.{}", index), size);
    if (index < 4 || final_relu) writer.line("x = torch.relu(x)");
  }
  if (post_processing) {
    write_post_processing(writer, weights);
  } else {
    writer.ignore("pproc.");
  }
  return writer.finish("x");
}

template <bool final_relu, bool post_processing>
Architecture vggish() {
  Architecture made;
  made.name = fmt::format("vggish{}{}", final_relu ? "" : "-linear", post_processing ? "-pca" : "");
  made.description = fmt::format("VGGish: an embedding of 0.96 s patches, {} final ReLU{}",
                                 final_relu ? "with the" : "without the",
                                 post_processing ? ", then principal components in 256 steps" : "");
  made.weights = "vggish-*.pth of torchvggish (names features.0.weight, ...); Apache-2.0";
  made.card.name = made.name;
  made.card.description =
      "VGG-style embedding trained on YouTube-8M (Hershey et al., CNN Architectures for "
      "Large-Scale Audio Classification, ICASSP 2017)";
  made.card.licence = "Apache-2.0";
  made.card.source = "github.com/harritaylor/torchvggish";
  made.card.front_end = vggish_front_end();
  made.card.input.axes = {InputAxis::batch, InputAxis::channel, InputAxis::time,
                          InputAxis::frequency};
  made.card.input.window_frames = 96;
  made.card.input.hop_frames = 96;
  made.card.embedding = OutputPlace{};
  made.network = vggish_network<final_relu, post_processing>;
  return made;
}

}  // namespace

std::vector<Architecture> vggish_architectures() {
  return {vggish<true, false>(), vggish<false, false>(), vggish<true, true>(),
          vggish<false, true>()};
}

}  // namespace relax_spectro::core
