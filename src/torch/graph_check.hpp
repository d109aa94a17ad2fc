#pragma once

#include <torch/csrc/jit/api/method.h>

#include <cstddef>
#include <map>
#include <string>

namespace relax_spectro::torch_backend {

/// How often each operator occurs in a network's program: "aten::conv2d", ...
using OperatorCounts = std::map<std::string, std::size_t>;

/// The operators of a method, including all methods that it calls.
[[nodiscard]] OperatorCounts operators_of(const torch::jit::Method& method);

/// The number of floating-point constants in a frozen method.
[[nodiscard]] std::size_t count_numbers(const torch::jit::Method& method);

/// Refuses a network with a built-in spectrogram whose card has a log-mel front end, because masks
/// on our spectrogram would be meaningless.
/// @throws ModelError  the message names the operator.
void refuse_raw_audio(const OperatorCounts& operators, const std::string& method,
                      const std::string& model_name);

}  // namespace relax_spectro::torch_backend
