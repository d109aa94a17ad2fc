#pragma once

#include <torch/csrc/jit/api/method.h>

namespace relax_spectro::torch_backend {

/// Makes the operators of a frozen program forget which functions they were inlined from.
///
/// Note [Call stacks of frozen programs]
/// LibTorch removes the helper methods of a module that it freezes, whose operators go on pointing
/// at them. When one of those fails, it asks them for their names, and crashes.
void forget_call_stacks(const torch::jit::Method& method);

}  // namespace relax_spectro::torch_backend
