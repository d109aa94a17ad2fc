#pragma once

#include <c10/core/Device.h>
#include <torch/csrc/jit/api/module.h>

#include <string>
#include <vector>

namespace relax_spectro::torch_backend {

/// A network as its file has it, in eval mode and in single precision.
struct LoadedNetwork {
  torch::jit::Module module;
  std::string stored_type;  ///< "half", where its numbers were of another type; otherwise empty
  bool quantises_batches = false;  ///< a layer quantises by the range of the whole batch
};

/// @param file     names the network in errors.
/// @param methods  that will be run.
/// @throws ModelError  LibTorch cannot load it, it lacks a method, or takes raw audio.
[[nodiscard]] LoadedNetwork read_network(const std::string& file, c10::Device device,
                                         const std::vector<std::string>& methods);

/// The same with its attributes made constants. @param fold  batch norms go into convolutions.
/// @throws ModelError  it changes its attributes while it runs.
[[nodiscard]] torch::jit::Module frozen_network(const torch::jit::Module& loaded,
                                                const std::string& file,
                                                const std::vector<std::string>& methods, bool fold);

}  // namespace relax_spectro::torch_backend
