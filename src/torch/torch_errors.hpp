#pragma once

#include <exception>
#include <string>

namespace relax_spectro::torch_backend {

/// What went wrong in LibTorch.
struct Failure {
  std::string cause;  ///< in one line, without a full stop
  /// Whether the card may be wrong: it describes another shape than the network takes.
  bool may_be_card = false;
};

/// Puts LibTorch's message into the user's terms, where its cause is a known one.
[[nodiscard]] Failure failure_of(const std::exception& error);

[[nodiscard]] bool is_out_of_memory(const std::exception& error);

}  // namespace relax_spectro::torch_backend
