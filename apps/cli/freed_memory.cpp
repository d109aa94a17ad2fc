#include "cli/freed_memory.hpp"

#include <limits>

// Any header of the C library defines __GLIBC__.
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace relax_spectro::cli {

void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

}  // namespace relax_spectro::cli
