#pragma once

#include <filesystem>
#include <memory>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// Loads a network that torch.jit.save wrote. @throws as load_model
[[nodiscard]] std::unique_ptr<Model> load_torchscript(const std::filesystem::path& path,
                                                      const ModelCard& card,
                                                      const ModelOptions& options);

}  // namespace relax_spectro::torch_backend
