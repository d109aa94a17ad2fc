#include "fixed_batches.hpp"

#include <regex>

namespace relax_spectro::torch_backend {

std::set<std::size_t> batches_named_in(const std::string& refusal) {
  constexpr std::size_t kMost = 4;
  static const std::regex kSize("[\\[(]([1-9][0-9]?)[,)\\]]");
  std::set<std::size_t> sizes{1};
  for (std::sregex_iterator found(refusal.begin(), refusal.end(), kSize), end;
       found != end && sizes.size() < kMost; ++found) {
    sizes.insert(std::stoul((*found)[1]));
  }
  return sizes;
}

}  // namespace relax_spectro::torch_backend
