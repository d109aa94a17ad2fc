#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>

#include <string>
#include <utility>
#include <vector>

namespace relax_spectro::torch_backend {

/// The tensors of real numbers that a frozen network has not as constants: freezing leaves those in
/// their modules that it takes for ones that might be changed, such as the projections of
/// nn.MultiheadAttention. By their names, "attention.in_proj_weight".
[[nodiscard]] inline std::vector<std::pair<std::string, at::Tensor>> real_attributes(
    const torch::jit::Module& frozen) {
  std::vector<std::pair<std::string, at::Tensor>> found;
  for (const auto& attribute : frozen.named_attributes(true)) {
    const c10::IValue& value = attribute.value;
    if (!value.isTensor() || !value.toTensor().defined()) continue;
    if (value.toTensor().is_floating_point()) found.emplace_back(attribute.name, value.toTensor());
  }
  return found;
}

}  // namespace relax_spectro::torch_backend
