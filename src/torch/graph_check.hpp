#pragma once

#include <torch/csrc/jit/api/method.h>

#include <cstddef>
#include <map>
#include <string>

namespace relax_spectro::torch_backend {

/// How often each operator stands in a network's program: "aten::conv2d", ...
using OperatorCounts = std::map<std::string, std::size_t>;

/// Those of a method, and of all that it calls.
[[nodiscard]] OperatorCounts operators_of(const torch::jit::Method& method);

/// How many real numbers a frozen method holds.
[[nodiscard]] std::size_t count_numbers(const torch::jit::Method& method);

/// Refuses a network that computes its own spectrogram: masks on ours would mean nothing to it.
/// @throws ModelError  naming the operator.
void refuse_raw_audio(const OperatorCounts& operators, const std::string& method,
                      const std::string& model_name);

}  // namespace relax_spectro::torch_backend
