#pragma once

#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/api/module.h>

#include <optional>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// What LibTorch calls the numbers of a precision.
[[nodiscard]] c10::ScalarType number_type(Precision precision);

/// Whether the casts that a program names ("x.half()") go to the type of its numbers, too.
enum class Casts { stay, follow };

/// Gives the real numbers that a method holds another type. The method must not have run yet; its
/// inputs have to be of that type from then on.
void set_number_type(const torch::jit::Method& method, c10::ScalarType type, Casts casts);

/// Gives those that modules hold another type.
void set_attribute_type(const torch::jit::Module& module, c10::ScalarType type);

/// Has a network that computes with other numbers than single precision, or with several types of
/// them, compute in single precision. It must not have run yet.
/// @returns  the type that it had; nothing where there was nothing to do.
std::optional<c10::ScalarType> take_to_single(const torch::jit::Module& loaded);

}  // namespace relax_spectro::torch_backend
