#include <algorithm>

#include "fuzz/readers.hpp"

// What libFuzzer calls, for one of the readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relax_spectro::fuzz;
  static const Reader& reader =
      *std::ranges::find(readers(), RELAX_SPECTRO_FUZZ_READER, &Reader::name);
  reader.read({data, size});
  return 0;
}
