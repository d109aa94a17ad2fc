#include <ATen/ops/from_blob.h>
#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>

#include <map>
#include <string>
#include <vector>

#include "model/backend.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::torch_backend {
namespace {

at::Tensor tensor_of(const StateTensor& state) {
  const std::vector<std::int64_t> shape(state.shape.begin(), state.shape.end());
  // The numbers are copied into the file while they exist; nothing writes to them.
  auto* values = const_cast<float*>(state.values.data());  // NOLINT(*-const-cast): see above
  return at::from_blob(values, shape, at::kFloat);
}

/// The root module, with a submodule for each layer.
torch::jit::Module make_module(const NetworkSource& network) {
  auto unit = std::make_shared<torch::jit::CompilationUnit>();
  torch::jit::Module root(c10::QualifiedName("__torch__.Network"), unit);
  std::map<std::string, torch::jit::Module> layers;
  for (const LayerTensor& held : network.tensors) {
    auto layer = layers.find(held.layer);
    if (layer == layers.end()) {
      const c10::QualifiedName type(fmt::format("__torch__.Layer_{}", held.layer));
      layer = layers.emplace(held.layer, torch::jit::Module(type, unit)).first;
    }
    layer->second.register_parameter(held.name, tensor_of(held.tensor), false);
  }
  for (const auto& [name, layer] : layers) root.register_module(name, layer);
  root.define(network.code);
  root.eval();
  return root;
}

}  // namespace
}  // namespace relax_spectro::torch_backend

// Exported from this library: see WriteModelFunction.
extern "C" __attribute__((visibility("default"))) void relax_spectro_write_model(
    const relax_spectro::NetworkSource& network, const std::string& card_json,
    const std::filesystem::path& path) {
  try {
    relax_spectro::torch_backend::make_module(network).save(path.string(),
                                                            {{"relax_spectro.json", card_json}});
  } catch (const std::exception& error) {
    throw relax_spectro::ModelError(
        fmt::format("{}: the model cannot be written: {}", path.string(), error.what()));
  }
}
