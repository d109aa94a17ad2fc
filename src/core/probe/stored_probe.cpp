#include "probe/stored_probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "files/npz.hpp"
#include "files/own_arrays.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {
namespace {

LogisticFit read_fit(const std::filesystem::path& path, std::size_t classes) {
  auto arrays = read_npz(path, {"weights", "bias"});
  NumericArray& weights = arrays["weights"];
  LogisticFit fit;
  fit.bias = std::move(arrays["bias"].values);
  if (weights.shape.size() != 2 || weights.shape[0] != classes || fit.bias.size() != classes) {
    throw IoError(fmt::format("{}: does not have weights and bias of {} classes, as its .json has",
                              path.string(), classes));
  }
  fit.weights = Array2d<double>(classes, weights.shape[1]);
  fit.weights.values = std::move(weights.values);
  return fit;
}

class ProbedModel final : public Model {
 public:
  ProbedModel(std::unique_ptr<Model> network, const SourceFile& file, StoredProbe probe)
      : Model(probed_card(network->card(), file, probe)),
        network_(std::move(network)),
        probe_(std::move(probe)) {}

  ModelOutputs forward(std::span<float> windows, std::size_t batch, std::size_t frames) override {
    return classified(network_->forward(windows, batch, frames));
  }
  ModelOutputs forward_fused(std::span<float> windows, std::size_t batch,
                             std::size_t frames) override {
    return classified(network_->forward_fused(windows, batch, frames));
  }
  Array2d<float> spectrogram_of(std::span<const float> samples) override {
    return network_->spectrogram_of(samples);
  }
  Fusing fusing() const override { return network_->fusing(); }
  std::string runtime() const override { return network_->runtime(); }
  std::vector<std::string> layers() const override { return network_->layers(); }
  std::map<std::string, std::size_t> operators() const override { return network_->operators(); }
  void use_threads(int threads) override { network_->use_threads(threads); }
  std::size_t bytes_per_window() const override { return network_->bytes_per_window(); }
  std::size_t parameter_count() const override { return network_->parameter_count(); }
  bool on_accelerator() const override { return network_->on_accelerator(); }
  std::optional<double> precision_deviation() const override {
    return network_->precision_deviation();
  }
  std::vector<std::string> warnings() const override { return network_->warnings(); }

 private:
  [[nodiscard]] ModelOutputs classified(ModelOutputs outputs) const {
    const Array2d<float>& embedding = outputs.embedding;
    if (embedding.columns != probe_.fit.weights.columns) {
      throw ModelError(fmt::format("{}: has weights for {} numbers, but the embedding has {}",
                                   probe_.file.path.string(), probe_.fit.weights.columns,
                                   embedding.columns));
    }
    Array2d<double> features(embedding.rows, embedding.columns);
    std::ranges::copy(embedding.values, features.values.begin());
    const Array2d<double> scores = probe_.fit.logits(features);
    outputs.class_scores = Array2d<float>(scores.rows, scores.columns);
    std::ranges::transform(scores.values, outputs.class_scores.values.begin(),
                           [](double score) { return static_cast<float>(score); });
    return outputs;
  }

  std::unique_ptr<Model> network_;
  StoredProbe probe_;
};

}  // namespace

StoredProbe read_probe(const std::filesystem::path& given) {
  std::filesystem::path path = given;
  if (path.extension() == ".npz") path.replace_extension(".json");
  const nlohmann::json json = core::parse_json(read_text_file(path), path.string());
  core::JsonFields fields(json, {path.string(), "expected the .probe.json that probe wrote"});
  if (fields.get<std::string>("format") != kProbeFormat) {
    fields.fail("format", fmt::format("is not '{}'", kProbeFormat));
  }
  std::filesystem::path arrays = path;
  arrays.replace_extension(".npz");
  core::require_own_arrays(fields, arrays, path);
  StoredProbe probe;
  probe.file = source_file(path);
  probe.model_sha256 = fields.object("model").get<std::string>("sha256");
  probe.labels = fields.texts("labels");
  probe.fit = read_fit(arrays, probe.labels.size());
  probe.temperature = fields.object("fit").get<double>("temperature");
  probe.warnings = fields.texts("warnings");
  for (std::size_t i = 0; i < probe.labels.size(); ++i) {
    if (std::isfinite(probe.fit.bias[i])) continue;
    fields.fail("labels", fmt::format("has '{}', of which the fit had no recording; leave it out "
                                      "of the table of labels, or use other folds",
                                      probe.labels[i]));
  }
  return probe;
}

ModelCard probed_card(ModelCard card, const SourceFile& model, const StoredProbe& probe) {
  if (model.sha256 != probe.model_sha256) {
    throw ModelError(fmt::format(
        "{}: is a probe of another model: that has SHA-256 {}, but {} has {}; embed "
        "recordings with this model, and make a probe of these embeddings",
        probe.file.path.string(), probe.model_sha256, model.path.string(), model.sha256));
  }
  if (!card.embedding) {
    throw ModelError(fmt::format(
        "{}: its card names no embedding, which --probe {} needs; add outputs.embedding to the card",
        model.path.string(), probe.file.path.string()));
  }
  card.class_scores = card.embedding;
  card.activation = Activation::softmax;
  card.temperature = probe.temperature;
  card.labels = probe.labels;
  card.validate();
  return card;
}

std::unique_ptr<Model> with_probe(std::unique_ptr<Model> model, const SourceFile& file,
                                  StoredProbe probe) {
  return std::make_unique<ProbedModel>(std::move(model), file, std::move(probe));
}

}  // namespace relax_spectro
