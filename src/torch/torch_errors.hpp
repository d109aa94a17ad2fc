#pragma once

#include <exception>
#include <string>

namespace relax_spectro::torch_backend {

/// What LibTorch says went wrong, in one line.
[[nodiscard]] std::string message_of(const std::exception& error);

[[nodiscard]] bool is_out_of_memory(const std::exception& error);

}  // namespace relax_spectro::torch_backend
