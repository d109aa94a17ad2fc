#include "read_network.hpp"

#include <c10/core/ScalarType.h>
#include <fmt/format.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <string_view>

#include "base/text.hpp"
#include "call_stacks.hpp"
#include "graph_check.hpp"
#include "number_type.hpp"
#include "relax_spectro/base/error.hpp"
#include "torch_errors.hpp"

namespace relax_spectro::torch_backend {
namespace {

torch::jit::Module load(const std::string& file, c10::Device device) {
  try {
    return torch::jit::load(file, device);
  } catch (const std::exception& error) {
    throw ModelError(
        fmt::format("{}: LibTorch cannot load the network: {}", file, failure_of(error).cause));
  }
}

bool quantises_batches(const OperatorCounts& operators) {
  static constexpr std::string_view kQuantised = "quantized::";
  return std::ranges::any_of(operators, [](const auto& counted) {
    return counted.first.starts_with(kQuantised) &&
           counted.first.find("_dynamic") != std::string::npos;
  });
}

}  // namespace

LoadedNetwork read_network(const std::string& file, c10::Device device,
                           const std::vector<std::string>& methods, bool takes_waveform) {
  LoadedNetwork loaded{load(file, device), {}};
  for (const std::string& method : methods) {
    if (!loaded.module.find_method(method)) {
      throw ModelError(
          fmt::format("{}: has no method '{}', which its card names in outputs", file, method));
    }
    const OperatorCounts operators = operators_of(loaded.module.get_method(method));
    if (!takes_waveform) refuse_raw_audio(operators, method, file);
    loaded.quantises_batches = loaded.quantises_batches || quantises_batches(operators);
  }
  loaded.module.eval();
  if (const auto type = take_to_single(loaded.module)) {
    loaded.stored_type = core::lower_case(c10::toString(*type));
  }
  return loaded;
}

torch::jit::Module frozen_network(const torch::jit::Module& loaded, const std::string& file,
                                  const std::vector<std::string>& methods, bool fold) {
  try {
    torch::jit::Module frozen = torch::jit::freeze(loaded, methods, fold);
    for (const std::string& method : methods) forget_call_stacks(frozen.get_method(method));
    return frozen;
  } catch (const std::exception& error) {
    throw ModelError(
        fmt::format("{}: cannot be frozen for inference (a model that changes its own attributes "
                    "while it runs keeps state, which is refused): {}",
                    file, failure_of(error).cause));
  }
}

}  // namespace relax_spectro::torch_backend
