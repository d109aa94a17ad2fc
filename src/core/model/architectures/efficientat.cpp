#include "model/architectures/inverted_residual.hpp"
#include "model/architectures/published.hpp"

namespace relax_spectro::core {
namespace {

FrontEndConfig front_end() {
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

NetworkSource network(const StateDict& weights, const std::string& file) {
  NetworkWriter writer(weights, file);
  const SqueezeStyle style{"conc_se_layers.0.", "torch.sigmoid"};
  const std::size_t channels = write_mobilenetv3_features(writer, kMobileNetV3Large, style, 1);
  return finish_mobilenetv3(writer, channels, {"classifier.2", "classifier.5"});
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
  mn.card.front_end = front_end();
  mn.card.input.axes = {InputAxis::batch, InputAxis::channel, InputAxis::frequency,
                        InputAxis::time};
  mn.card.input.window_frames = 1000;
  mn.card.input.hop_frames = 1000;
  mn.card.input.variable_length = true;
  mn.card.class_scores = OutputPlace{.position = 0};
  mn.card.embedding = OutputPlace{.position = 1};
  mn.card.activation = Activation::sigmoid;
  mn.network = network;
  return {mn};
}

}  // namespace relax_spectro::core
