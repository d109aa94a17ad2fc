#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <cstddef>
#include <map>
#include <span>
#include <string>

#include "relax_spectro/model/model.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro::torch_backend {

/// A tensor's shape in Python notation: "(16, 1, 128, 501)".
[[nodiscard]] std::string shape_text(c10::IntArrayRef shape);

/// A view of the windows [batch, frequency, time] with the network's order of axes.
[[nodiscard]] at::Tensor input_tensor(const InputLayout& input, std::span<float> windows,
                                      std::size_t batch, std::size_t frames);

/// Selects the card's outputs from the return values of its methods, one row for each window.
/// @param model  name for errors.
/// @throws ModelError  an output is missing, has another shape, or is not finite.
[[nodiscard]] ModelOutputs outputs_of(const ModelCard& card,
                                      const std::map<std::string, c10::IValue>& returned,
                                      std::size_t batch, const std::string& model);

}  // namespace relax_spectro::torch_backend
