#include "model/backend.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "files/library_folder.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro::core {
namespace {

/// The backend is in a folder below this library, both in a build tree and in an installation.
std::filesystem::path backend_path() {
  return library_folder(reinterpret_cast<const void*>(&version)) / RELAX_SPECTRO_BACKEND_FILE;
}

void* open_backend() {
  const std::filesystem::path path = backend_path();
  void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = dlerror();
    throw ModelError(fmt::format(
        "LibTorch cannot be loaded: {}. Run scripts/setup and scripts/build again; "
        "if LibTorch was named by RELAX_SPECTRO_TORCH_DIR, it must still be where it was at "
        "build time",
        why != nullptr ? why : path.string()));
  }
  return library;
}

void* backend() {
  // Never unloaded, because models use its code.
  static void* library = open_backend();
  return library;
}

/// Looks up a function of the backend. @param Function  its type
template <typename Function>
Function* find_in_backend(const char* name) {
  void* symbol = dlsym(backend(), name);
  if (symbol == nullptr) {
    throw ModelError(fmt::format("{}: is not a backend of relax-spectro {}: it lacks {}",
                                 backend_path().string(), version(), name));
  }
  return reinterpret_cast<Function*>(symbol);
}

}  // namespace

std::unique_ptr<Model> load_with_backend(const std::filesystem::path& model_path,
                                         const ModelCard& card, const ModelOptions& options) {
  static auto* load = find_in_backend<LoadModelFunction>(kLoadModelSymbol);
  return std::unique_ptr<Model>(load(model_path, card, options));
}

void write_with_backend(const NetworkSource& network, const std::string& card_json,
                        const std::filesystem::path& path) {
  find_in_backend<WriteModelFunction>(kWriteModelSymbol)(network, card_json, path);
}

}  // namespace relax_spectro::core
