#include <algorithm>

#include "fuzz/readers.hpp"

// The entry point of libFuzzer, for one of the readers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace relax_spectro::fuzz;
  static const Reader& reader =
      *std::ranges::find(readers(), RELAX_SPECTRO_FUZZ_READER, &Reader::name);
  reader.read({data, size});
  return 0;
}

// libsndfile leaks its Vorbis decoder when it refuses a damaged Ogg. This is not our bug.
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }
