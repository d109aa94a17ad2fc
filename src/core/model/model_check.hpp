#pragma once

#include <filesystem>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::core {

/// Tries a model on probe windows: its outputs must be finite, as many rows as windows, the same
/// for the same window twice (no hidden state), and the same for a window alone and in a batch; the
/// same but for rounding.
/// @throws ModelError  it does not; with expected and actual.
void check_model(Model& model, const std::filesystem::path& model_path, Precision precision);

}  // namespace relax_spectro::core
