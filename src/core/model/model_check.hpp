#pragma once

#include <filesystem>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::core {

/// Tests a model on probe windows. Its outputs must be finite and have a row for each window.
/// Except for rounding, a window must give the same output twice (no hidden state), and the same
/// alone as in a batch.
/// @throws ModelError  a test fails; the message has expected and actual values.
void check_model(Model& model, const std::filesystem::path& model_path, Precision precision);

}  // namespace relax_spectro::core
