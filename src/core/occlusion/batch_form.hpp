#pragma once

#include <cstddef>

#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/engine.hpp"

namespace relax_spectro::core {

/// The form of batches for a given number of windows, if the options do not set it.
///
/// Note [When batches are fused]
/// Fused batches are faster on the measured networks (scripts/benchmarks, --only forms). But the
/// network must first be compiled, which takes as long as some hundred windows, and longer with
/// more weights. Batches stay unfused if a single piece of work does not gain that time back. The
/// rule ignores all earlier and later work, so that a recording has the same result alone and in a
/// batch.
[[nodiscard]] BatchForm batch_form_for(const Model& model, std::size_t windows);

}  // namespace relax_spectro::core
