#pragma once

#include <torch/csrc/jit/api/method.h>

#include <string>

namespace relax_spectro::torch_backend {

/// Refuses a network that computes its own spectrogram: masks on ours would mean nothing to it.
/// @throws ModelError  naming the operator.
void refuse_raw_audio(const torch::jit::Method& method, const std::string& model_name);

}  // namespace relax_spectro::torch_backend
