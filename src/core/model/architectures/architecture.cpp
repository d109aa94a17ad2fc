#include "model/architecture.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "base/nearest.hpp"
#include "model/architectures/published.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

const std::vector<Architecture>& architectures() {
  static const std::vector<Architecture> kAll = [] {
    std::vector<Architecture> collected;
    for (auto family : {core::aisfx_architectures(), core::efficientat_architectures(),
                        core::panns_architectures(), core::vggish_architectures()}) {
      std::ranges::move(family, std::back_inserter(collected));
    }
    return collected;
  }();
  return kAll;
}

const Architecture& find_architecture(std::string_view name) {
  const auto found = std::ranges::find(architectures(), name, &Architecture::name);
  if (found != architectures().end()) return *found;
  std::vector<std::string> names;
  for (const Architecture& architecture : architectures()) names.push_back(architecture.name);
  throw ConfigError(unknown_name("--architecture", name, names));
}

}  // namespace relax_spectro
