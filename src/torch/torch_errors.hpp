#pragma once

#include <exception>
#include <string>

namespace relax_spectro::torch_backend {

/// A failure in LibTorch.
struct Failure {
  std::string cause;  ///< one line, without a full stop
  /// Whether the card may be wrong: it may describe another shape than the network expects.
  bool may_be_card = false;
};

/// Explains a LibTorch error in the user's terms, if its cause is known.
[[nodiscard]] Failure failure_of(const std::exception& error);

[[nodiscard]] bool is_out_of_memory(const std::exception& error);

}  // namespace relax_spectro::torch_backend
