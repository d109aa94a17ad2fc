#include "graph_check.hpp"

#include <fmt/format.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/passes/inliner.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "relax_spectro/error.hpp"

namespace relax_spectro::torch_backend {
namespace {

constexpr std::array<std::string_view, 6> kSpectrumOperators{"aten::stft",     "aten::fft_rfft",
                                                             "aten::fft_fft",  "aten::fft_rfft2",
                                                             "aten::fft_fft2", "aten::rfft"};

std::optional<std::string> find_spectrum_operator(const torch::jit::Block* block) {
  for (const torch::jit::Node* node : block->nodes()) {
    const std::string kind = node->kind().toQualString();
    if (std::find(kSpectrumOperators.begin(), kSpectrumOperators.end(), kind) !=
        kSpectrumOperators.end()) {
      return kind;
    }
    for (const torch::jit::Block* inner : node->blocks()) {
      if (auto found = find_spectrum_operator(inner)) return found;
    }
  }
  return std::nullopt;
}

}  // namespace

void refuse_raw_audio(const torch::jit::Method& method, const std::string& model_name) {
  const auto graph = method.graph()->copy();
  torch::jit::Inline(*graph);
  if (const auto found = find_spectrum_operator(graph->block())) {
    throw ModelError(fmt::format(
        "{}: {}() computes its own spectrum ({}), so it takes raw audio. Expected a network that "
        "takes a log-mel spectrogram: export the part behind its front end, and describe the front "
        "end in the card",
        model_name, method.name(), *found));
  }
}

}  // namespace relax_spectro::torch_backend
