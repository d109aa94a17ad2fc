#include "probe/stored_probe.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;
using Catch::Contains;

namespace {

/// Embeds a window as its first two bins. Its fused network gives them with the other sign.
class FirstBins final : public Model {
 public:
  explicit FirstBins(ModelCard card = test::small_card()) : Model(std::move(card)) {}

  ModelOutputs forward(std::span<float> windows, std::size_t batch,
                       std::size_t /*frames*/) override {
    return outputs(windows, batch, 1.0F);
  }
  ModelOutputs forward_fused(std::span<float> windows, std::size_t batch,
                             std::size_t /*frames*/) override {
    return outputs(windows, batch, -1.0F);
  }
  Fusing fusing() const override { return Fusing::best; }
  std::string runtime() const override { return "analytic"; }
  bool on_accelerator() const override { return true; }

 private:
  static ModelOutputs outputs(std::span<const float> windows, std::size_t batch, float sign) {
    ModelOutputs outputs{Array2d<float>(batch, 2), Array2d<float>(batch, 5)};
    for (std::size_t b = 0; b < batch; ++b) {
      const auto window = windows.subspan(b * (windows.size() / batch));
      outputs.embedding(b, 0) = sign * window[0];
      outputs.embedding(b, 1) = sign * window[1];
    }
    return outputs;
  }
};

StoredProbe probe_of_birds() {
  StoredProbe probe;
  probe.file = {"birds.probe.json", "p"};
  probe.model_sha256 = "m";
  probe.labels = {"owl", "tit", "wren"};
  probe.fit.weights = Array2d<double>(3, 2);
  probe.fit.weights.values = {1.0, 2.0, -3.0, 0.5, 2.0, -2.5};
  probe.fit.bias = {0.25, 0.0, -1.0};
  probe.temperature = 2.0;
  return probe;
}

}  // namespace

TEST_CASE("the classes of a probe replace the model's, fused or not") {
  const auto model = with_probe(std::make_unique<FirstBins>(), {"net.pt", "m"}, probe_of_birds());
  const std::vector<float> given{3.0F, 4.0F, 0.0F, -1.0F, 0.5F, 0.0F};  // two windows
  std::vector<float> windows = given;
  const ModelOutputs plain = model->forward(windows, 2, 3);
  const ModelOutputs fused = model->forward_fused(windows, 2, 3);
  CHECK(plain.embedding.values == std::vector<float>{3.0F, 4.0F, -1.0F, 0.5F});
  CHECK(plain.class_scores.values ==
        std::vector<float>{11.25F, -7.0F, -5.0F, 0.25F, 3.25F, -4.25F});
  CHECK(fused.class_scores.values == std::vector<float>{-10.75F, 7.0F, 3.0F, 0.25F, -3.25F, 2.25F});
  CHECK(model->fusing() == Fusing::best);
  CHECK(model->on_accelerator());
  CHECK(model->card().labels == std::vector<std::string>{"owl", "tit", "wren"});
  CHECK(model->card().activation == Activation::softmax);
  CHECK(model->card().temperature == 2.0);
}

TEST_CASE("a probe is refused that does not fit the model") {
  ModelCard card = test::small_card();
  CHECK_THROWS_WITH(probed_card(card, {"net.pt", "n"}, probe_of_birds()),
                    Contains("birds.probe.json: is a probe of another model"));
  card.class_scores = std::exchange(card.embedding, std::nullopt);
  CHECK_THROWS_WITH(probed_card(card, {"net.pt", "m"}, probe_of_birds()),
                    Contains("net.pt: its card names no embedding"));
  StoredProbe wide = probe_of_birds();
  wide.fit.weights = Array2d<double>(3, 7);
  const auto model = with_probe(std::make_unique<FirstBins>(), {"net.pt", "m"}, wide);
  std::vector<float> window(3);
  CHECK_THROWS_WITH(model->forward(window, 1, 3),
                    Contains("has weights for 7 numbers, but the embedding has 2"));
}
