#include "cuda.hpp"

#include <ATen/Context.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/Device.h>
#include <dlfcn.h>
#include <fmt/format.h>

#include <exception>
#include <filesystem>

#include "files/library_folder.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::torch_backend {
namespace {

// Loading this library registers the CUDA backend with libtorch_cpu. It must precede the first
// query about CUDA, because LibTorch caches the answer. The library is never unloaded, and loading
// it again has no effect.
void load_cuda_library() {
  const std::filesystem::path library =
      core::library_folder(reinterpret_cast<const void*>(&at::globalContext)) / "libtorch_cuda.so";
  if (!std::filesystem::exists(library)) {
    throw ModelError(fmt::format(
        "--device cuda: this LibTorch has no CUDA part ({} is missing). "
        "Run scripts/setup --cuda, or build against a CUDA LibTorch (RELAX_SPECTRO_TORCH_DIR), "
        "or use --device cpu",
        library.string()));
  }
  if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    throw ModelError(fmt::format(
        "--device cuda: LibTorch's CUDA part cannot be loaded: {}. Run scripts/setup --cuda to get "
        "the libraries that it needs, or use --device cpu",
        dlerror()));
  }
}

}  // namespace

void prepare_cuda(const std::string& device) {
  load_cuda_library();
  const auto count = at::detail::getCUDAHooks().deviceCount();
  const int index = c10::Device(device).has_index() ? c10::Device(device).index() : 0;
  if (index >= count) {
    throw ModelError(fmt::format(
        "--device {}: there is no such CUDA device ({} found). Check the NVIDIA driver with "
        "nvidia-smi, or use --device cpu",
        device, count));
  }
  // LibTorch's default rounds what convolutions multiply to ten bits (TF32). That is not single.
  at::globalContext().setAllowTF32CuDNN(false);
}

}  // namespace relax_spectro::torch_backend
