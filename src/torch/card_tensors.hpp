#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/ivalue.h>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "relax_spectro/array2d.hpp"
#include "relax_spectro/model_card.hpp"

namespace relax_spectro::torch_backend {

/// A tensor's shape as Python has it: "(16, 1, 128, 501)".
[[nodiscard]] std::string shape_text(c10::IntArrayRef shape);

/// The windows [batch, frequency, time] as the card's axes order them: a view.
[[nodiscard]] at::Tensor input_tensor(const ModelCard& card, std::span<float> windows,
                                      std::size_t batch, std::size_t frames);

/// What the card names of what a method returned, a row a window.
/// @param what  is named in errors, as is the `model`.
/// @throws ModelError  it is not there, has another shape, or is not finite.
[[nodiscard]] Array2d<float> output_rows(const c10::IValue& returned, const OutputPlace& place,
                                         std::string_view what, std::size_t batch,
                                         const std::string& model);

}  // namespace relax_spectro::torch_backend
