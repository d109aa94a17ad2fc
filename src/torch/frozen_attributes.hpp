#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/api/module.h>

#include <string>
#include <utility>
#include <vector>

namespace relax_spectro::torch_backend {

/// The floating-point tensors in a network's modules, including those in lists, by name:
/// "attention.in_proj_weight". Freezing turns most of them into constants. It leaves those that
/// might be modified, such as the projections of nn.MultiheadAttention.
[[nodiscard]] inline std::vector<std::pair<std::string, at::Tensor>> real_attributes(
    const torch::jit::Module& network) {
  std::vector<std::pair<std::string, at::Tensor>> found;
  const auto take = [&found](const std::string& name, const at::Tensor& tensor) {
    if (tensor.defined() && tensor.is_floating_point()) found.emplace_back(name, tensor);
  };
  for (const auto& attribute : network.named_attributes(true)) {
    const c10::IValue& value = attribute.value;
    if (value.isTensor()) take(attribute.name, value.toTensor());
    if (!value.isTensorList()) continue;
    for (const at::Tensor& tensor : value.toTensorVector()) take(attribute.name, tensor);
  }
  return found;
}

}  // namespace relax_spectro::torch_backend
