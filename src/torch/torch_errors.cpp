#include "torch_errors.hpp"

#include <c10/util/Exception.h>

#include <string_view>

namespace relax_spectro::torch_backend {
namespace {

/// TorchScript reports what went wrong on the last line, below a trace of its own source.
std::string last_line(std::string_view text) {
  while (!text.empty() && text.back() == '\n') text.remove_suffix(1);
  return std::string(text.substr(text.rfind('\n') + 1));
}

}  // namespace

std::string message_of(const std::exception& error) {
  if (const auto* torch_error = dynamic_cast<const c10::Error*>(&error)) {
    return last_line(torch_error->what_without_backtrace());
  }
  return last_line(error.what());
}

bool is_out_of_memory(const std::exception& error) {
  // CPU and CUDA allocators word it differently, and TorchScript passes on the words alone.
  const std::string_view text = error.what();
  return text.find("out of memory") != std::string_view::npos ||
         text.find("can't allocate memory") != std::string_view::npos;
}

}  // namespace relax_spectro::torch_backend
