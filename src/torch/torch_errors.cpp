#include "torch_errors.hpp"

#include <c10/util/Exception.h>
#include <fmt/format.h>
#include <torch/version.h>

#include <algorithm>
#include <array>
#include <regex>
#include <string_view>

namespace relax_spectro::torch_backend {
namespace {

/// A cause of failures, and its wording in LibTorch. The first match counts.
struct Cause {
  const char* words;  ///< a regular expression
  const char*
      explanation;  ///< "{}" is replaced by the group of the expression; empty: the original
                    ///< message
  bool may_be_card = false;
};

constexpr std::array kCauses{
    Cause{"arguments from the '(?:CUDA|MPS|XPU|HIP|XLA)' backend|"
          "Cannot initialize CUDA|no NVIDIA driver|"
          "(?:PyTorch|Torch) (?:is )?not (?:compiled|linked)|"
          "found at least two devices|Expected all tensors to be on the same device",
          "its code makes a tensor on {}, the device that it was traced or scripted on. Export it "
          "on the device that it is to run on: model.cpu() before torch.jit.trace or script"},
    Cause{"arguments from the 'Meta' backend",
          "some of its tensors are on the device 'meta', without values. Load its weights before "
          "it is exported"},
    Cause{"keyword attribute 'value' is undefined|[Mm][Kk][Ll][Dd][Nn][Nn]",
          "it was saved after torch.jit.optimize_for_inference, whose result cannot be loaded "
          "again. Save it before: relax-spectro optimises networks for the machine they run on"},
    Cause{"NoQEngine|Didn't find engine for operation",
          "its layers are quantised, and this LibTorch has no engine for those. Export it as it "
          "was before quantisation"},
    Cause{"(?:Unknown builtin op: |operator |Could not find schema for )((?:aten|prim)::\\w+)",
          "it calls the operator {}, which LibTorch " TORCH_VERSION
          " does not have. Export it with a PyTorch of that version or an older one"},
    Cause{"(?:Unknown builtin op: |undefined value |Unknown type name "
          "'__torch__\\.torch\\.classes\\.|"
          "Could not find schema for |the class __torch__\\.torch\\.classes\\.)([\\w:.]*\\w)",
          "it calls {}, an operator that LibTorch does not have: it belongs to an extension. "
          "Export the network without it, or with plain torch operators in its place"},
    Cause{"(?:Quantized|quantized::|quantize_|dequantize)",
          "a quantised layer gets unquantised numbers, or the reverse. Put a QuantStub before the "
          "first and a DeQuantStub behind the last, or export it as it was before quantisation"},
    Cause{"PyTorch file with version (\\d+), but the maximum|version_number.*maximum supported",
          "it was written by a newer PyTorch than LibTorch " TORCH_VERSION
          ". Export it with a PyTorch of that version or an older one"},
    Cause{"Input type .* should be the same|[Ee]xpected scalar type|same dtype|"
          "not implemented for '",
          "its layers compute with numbers of several types, which do not fit: {}. Save it with "
          "all in single precision: model.float()"},
    Cause{"^(?:AssertionError|Exception)|^torch\\.jit\\.Error|^(?:builtins\\.)?\\w+Error: ",
          "its own code refuses the input: {}", true},
    Cause{"\\b(?:[Ss]izes?|[Ss]hapes?|[Dd]im(?:ension)?s?|channels|elements)\\b|[0-9]D\\b|"
          "out of range|must match",
          "", true}};

/// LibTorch's message without source lines and stack traces.
///
/// Note [Where the message is]
/// TorchScript prints its trace first, then the message as "RuntimeError: ..." at the start of a
/// line. A compiled package puts its message last. All others begin with the message, which long
/// lists may follow.
std::string message_in(const std::string& text) {
  std::string message = text;
  if (text.find("in the TorchScript interpreter") != std::string::npos) {
    static const std::regex kStart("\n(?:RuntimeError: |(?=[\\w.]+(?:Error|Exception): ))");
    std::smatch found;
    if (std::regex_search(text, found, kStart)) message = found.suffix();
  } else if (text.find("API call failed") != std::string::npos) {
    message.erase(message.find_last_not_of('\n') + 1);
    message.erase(0, message.rfind('\n') + 1);
  }
  message.erase(0, std::min(message.find_first_not_of(" \n"), message.size()));
  message.erase(std::min(message.find('\n'), message.size()));
  message.erase(std::min(message.find(". This could be because"), message.size()));
  while (!message.empty() && std::string_view(" :.").find(message.back()) != std::string::npos) {
    message.pop_back();
  }
  return message;
}

std::string text_of(const std::exception& error) {
  const auto* of_torch = dynamic_cast<const c10::Error*>(&error);
  return of_torch != nullptr ? of_torch->what_without_backtrace() : error.what();
}

/// The device in a network's code, from the source lines before the message.
std::string device_in(const std::string& text) {
  static const std::regex kDevice("torch\\.device\\(\"([a-z]+(?::\\d+)?)\"\\)|((?:cuda|mps):\\d+)");
  std::smatch found;
  if (!std::regex_search(text, found, kDevice)) return "another device";
  return found[1].matched ? found[1] : found[2];
}

}  // namespace

Failure failure_of(const std::exception& error) {
  const std::string text = text_of(error);
  const std::string message = message_in(text);
  for (const Cause& cause : kCauses) {
    std::smatch found;
    if (!std::regex_search(message, found, std::regex(cause.words))) continue;
    if (*cause.explanation == '\0') return {message, cause.may_be_card};
    const bool is_device = &cause == &kCauses.front();
    const std::string what = is_device                              ? device_in(text)
                             : found.size() > 1 && found[1].matched ? found[1].str()
                                                                    : message;
    return {fmt::vformat(cause.explanation, fmt::make_format_args(what)), cause.may_be_card};
  }
  return {message};
}

bool is_out_of_memory(const std::exception& error) {
  // The wording differs between CPU and CUDA allocators, and TorchScript keeps only the text.
  const std::string_view text = error.what();
  return text.find("out of memory") != std::string_view::npos ||
         text.find("can't allocate memory") != std::string_view::npos;
}

}  // namespace relax_spectro::torch_backend
