#pragma once

#include <c10/util/Exception.h>

#include <functional>
#include <string>

namespace relax_spectro::torch_backend {

/// Prevents LibTorch, its libraries and networks from writing to standard output or error.
void quieten_library();

/// Collects LibTorch's warnings on this thread while this object lives.
class TakenWarnings final : private c10::WarningHandler {
 public:
  /// @param take  receives each warning as one sentence.
  explicit TakenWarnings(std::function<void(const std::string&)> take)
      : take_(std::move(take)), guard_(this) {}

 private:
  void process(const c10::Warning& warning) override;

  std::function<void(const std::string&)> take_;
  c10::WarningUtils::WarningHandlerGuard guard_;
};

}  // namespace relax_spectro::torch_backend
