#include "files/library_folder.hpp"

#include <dlfcn.h>

namespace relax_spectro::core {

std::filesystem::path library_folder(const void* function) {
  Dl_info info{};
  if (dladdr(function, &info) == 0 || info.dli_fname == nullptr) return {};
  return std::filesystem::path(info.dli_fname).parent_path();
}

}  // namespace relax_spectro::core
