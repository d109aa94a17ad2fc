#pragma once

#include <c10/core/ScalarType.h>
#include <torch/csrc/jit/api/module.h>

#include "relax_spectro/model/precision.hpp"

namespace relax_spectro::torch_backend {

/// What LibTorch calls the numbers of a precision.
[[nodiscard]] c10::ScalarType number_type(Precision precision);

/// Rounds the real numbers that a frozen method holds, which must not have run yet. Its inputs have
/// to be of that type from then on.
void round_constants(const torch::jit::Method& method, c10::ScalarType type);

/// Rounds those that freezing has left in modules.
void round_attributes(const torch::jit::Module& frozen, c10::ScalarType type);

}  // namespace relax_spectro::torch_backend
