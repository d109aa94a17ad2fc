#pragma once

namespace relax_spectro::cli {

/// Has the C library keep memory that is given back, for the next that asks.
///
/// Note [Why freed memory is kept]
/// Every forward pass takes and gives back the same few hundred megabytes. glibc hands large blocks
/// back to the kernel each time, which has to clear each page anew when it is next touched: a third
/// to two thirds of the time of a MobileNetV3. (mimalloc does the same for blocks up to 16 MiB, and
/// so lost from batches of 16 on.) A setting of the whole process: the library leaves it alone.
void keep_freed_memory();

}  // namespace relax_spectro::cli
