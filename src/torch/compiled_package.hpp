#pragma once

#include <filesystem>
#include <memory>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// Loads a network that AOTInductor compiled for one kind of processor (.pt2, from
/// torch._inductor.aoti_compile_and_package). It contains machine code for windows of one length.
/// Its target is checked before it is loaded.
///
/// @throws ModelError  this LibTorch cannot load such packages, or the package is damaged or for
///                     another device or processor. Or its card requires what a package cannot do.
[[nodiscard]] std::unique_ptr<Model> load_compiled_package(const std::filesystem::path& path,
                                                           const ModelCard& card,
                                                           const ModelOptions& options);

}  // namespace relax_spectro::torch_backend
