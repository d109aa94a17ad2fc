#pragma once

namespace relax_spectro::cli {

/// Makes the C library keep freed memory for later use.
///
/// Note [Why freed memory is kept]
/// Every forward pass allocates and frees the same few hundred megabytes. By default, glibc returns
/// large blocks to the kernel, which clears each page again on the next use. That takes a third to
/// two thirds of the time of a MobileNetV3. The allocator mimalloc keeps blocks up to 16 MiB only,
/// which is too little for batches of 16 or more. The setting is of the whole process, so only
/// programs use it.
void keep_freed_memory();

}  // namespace relax_spectro::cli
