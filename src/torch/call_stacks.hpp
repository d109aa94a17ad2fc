#pragma once

#include <torch/csrc/jit/api/method.h>

namespace relax_spectro::torch_backend {

/// Makes the operators of a frozen program forget the functions they were inlined from.
///
/// Note [Call stacks of frozen programs]
/// When LibTorch freezes a module, it removes the module's helper methods. Inlined operators still
/// point to them. If such an operator fails, LibTorch asks for the method's name and crashes.
void forget_call_stacks(const torch::jit::Method& method);

}  // namespace relax_spectro::torch_backend
