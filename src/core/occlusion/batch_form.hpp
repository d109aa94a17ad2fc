#pragma once

#include <cstddef>

#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/engine.hpp"

namespace relax_spectro::core {

/// The form of batches for a piece of work of so many windows, where none is asked for.
///
/// Note [When batches are fused]
/// Fused batches are faster on the networks that were measured (scripts/benchmarks, --only forms).
/// But the network is compiled for them first, which takes as long as some hundred windows, and the
/// longer, the more weights there are. Where that is not earned back within one piece of work,
/// batches stay unfused. The rule looks at nothing else that was or will be done, so that a
/// recording has the same result alone and among others.
[[nodiscard]] BatchForm batch_form_for(const Model& model, std::size_t windows);

}  // namespace relax_spectro::core
