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

/// A tensor's shape as Python has it: "(16, 1, 128, 501)".
[[nodiscard]] std::string shape_text(c10::IntArrayRef shape);

/// The windows [batch, frequency, time] as the card's axes order them: a view.
[[nodiscard]] at::Tensor input_tensor(const ModelCard& card, std::span<float> windows,
                                      std::size_t batch, std::size_t frames);

/// The outputs that the card names, of what its methods returned, a row a window.
/// @param model  is named in errors.
/// @throws ModelError  one is not there, has another shape, or is not finite.
[[nodiscard]] ModelOutputs outputs_of(const ModelCard& card,
                                      const std::map<std::string, c10::IValue>& returned,
                                      std::size_t batch, const std::string& model);

}  // namespace relax_spectro::torch_backend
