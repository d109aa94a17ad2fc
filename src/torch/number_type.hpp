#pragma once

#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/api/module.h>

#include <optional>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// LibTorch's type for a precision.
[[nodiscard]] c10::ScalarType number_type(Precision precision);

/// Whether casts in a program ("x.half()") also change to the new type.
enum class Casts { stay, follow };

/// Converts the floating-point constants of a method to another type. The method must not have run
/// before. Afterwards, its inputs must have that type.
void set_number_type(const torch::jit::Method& method, c10::ScalarType type, Casts casts);

/// Converts the floating-point attributes of modules.
void set_attribute_type(const torch::jit::Module& module, c10::ScalarType type);

/// Makes a network compute in single precision if it uses another type or several types. It must
/// not have run before.
/// @returns  its previous type; nothing if it was already single.
std::optional<c10::ScalarType> take_to_single(const torch::jit::Module& loaded);

}  // namespace relax_spectro::torch_backend
