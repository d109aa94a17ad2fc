#include <functional>
#include <numeric>

#include "fuzz/fuzz_input.hpp"
#include "fuzz/readers.hpp"
#include "model/state_dict.hpp"

namespace relax_spectro::fuzz {

void read_as_state_dict(std::span<const std::uint8_t> bytes) {
  attempt(write_input("input.pth", bytes), [](const auto& path) {
    for (const auto& [name, tensor] : read_state_dict(path)) {
      const std::size_t count = std::accumulate(tensor.shape.begin(), tensor.shape.end(),
                                                std::size_t{1}, std::multiplies<>());
      expect(tensor.values.size() == count, "a tensor has as many values as its shape says");
    }
  });
}

}  // namespace relax_spectro::fuzz
