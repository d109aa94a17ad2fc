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

// libsndfile forgets its Vorbis decoder where it refuses an Ogg that is damaged. It is no finding.
extern "C" const char* __lsan_default_suppressions() { return "leak:vorbis_info_init\n"; }
