#pragma once

#include <c10/util/Exception.h>

#include <functional>
#include <string>

namespace relax_spectro::torch_backend {

/// Keeps LibTorch, its libraries and what networks print from writing to standard output or error.
void quieten_library();

/// Takes what LibTorch warns of on this thread, for as long as it lives.
class TakenWarnings final : private c10::WarningHandler {
 public:
  /// @param take  gets each warning, in one sentence.
  explicit TakenWarnings(std::function<void(const std::string&)> take)
      : take_(std::move(take)), guard_(this) {}

 private:
  void process(const c10::Warning& warning) override;

  std::function<void(const std::string&)> take_;
  c10::WarningUtils::WarningHandlerGuard guard_;
};

}  // namespace relax_spectro::torch_backend
