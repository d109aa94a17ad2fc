#pragma once

#include <string>

namespace relax_spectro::torch_backend {

/// Loads LibTorch's CUDA part, which is not linked, and checks the device.
/// @throws ModelError  there is no driver or no such device, or this LibTorch has no CUDA part. Or
///                     one of its libraries is missing (the message names it).
void prepare_cuda(const std::string& device);

}  // namespace relax_spectro::torch_backend
