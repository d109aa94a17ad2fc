#include "backend.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "relax_spectro/error.hpp"
#include "relax_spectro/version.hpp"

namespace relax_spectro::core {
namespace {

/// The backend lies beside this library, in a build tree as in an installation.
std::filesystem::path backend_path() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&version), &info) == 0 || info.dli_fname == nullptr) {
    return RELAX_SPECTRO_BACKEND_FILE;
  }
  return std::filesystem::path(info.dli_fname).parent_path() / RELAX_SPECTRO_BACKEND_FILE;
}

LoadModelFunction* find_backend() {
  const std::filesystem::path path = backend_path();
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    throw ModelError(fmt::format(
        "LibTorch cannot be loaded: {}. Run scripts/setup and scripts/build again; if LibTorch was "
        "named by RELAX_SPECTRO_TORCH_DIR, it must still lie where it was at build time",
        why != nullptr ? why : path.string()));
  }
  void* symbol = dlsym(library, kLoadModelSymbol);
  if (symbol == nullptr) {
    throw ModelError(fmt::format("{}: is not a backend of relax-spectro {}: it lacks {}",
                                 path.string(), version(), kLoadModelSymbol));
  }
  return reinterpret_cast<LoadModelFunction*>(symbol);
}

}  // namespace

std::unique_ptr<Model> load_with_backend(const std::filesystem::path& model_path,
                                         const ModelCard& card, const ModelOptions& options) {
  // Never unloaded: models live in its code.
  static LoadModelFunction* load = find_backend();
  return std::unique_ptr<Model>(load(model_path, card, options));
}

}  // namespace relax_spectro::core
