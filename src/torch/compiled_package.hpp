#pragma once

#include <filesystem>
#include <memory>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// Loads a network that AOTInductor has compiled for one kind of processor, as
/// torch._inductor.aoti_compile_and_package writes it (.pt2): machine code, for windows of one
/// length. What it was compiled for is checked before it is loaded.
///
/// @throws ModelError  this LibTorch has no loader of such packages; the package is for another
///                     device or processor, or damaged; its card asks for what it cannot do.
[[nodiscard]] std::unique_ptr<Model> load_compiled_package(const std::filesystem::path& path,
                                                           const ModelCard& card,
                                                           const ModelOptions& options);

}  // namespace relax_spectro::torch_backend
