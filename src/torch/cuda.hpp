#pragma once

#include <string>

namespace relax_spectro::torch_backend {

/// Makes LibTorch's CUDA part ready, which is not linked but loaded here, and checks the device.
/// @throws ModelError  this LibTorch has no CUDA part; one of its libraries is missing (which); or
///                     there is no driver or no such device.
void prepare_cuda(const std::string& device);

}  // namespace relax_spectro::torch_backend
