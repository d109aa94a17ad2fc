#pragma once

#include <c10/core/Device.h>
#include <torch/csrc/jit/api/module.h>

#include <string>
#include <vector>

namespace relax_spectro::torch_backend {

/// A network from a file, in eval mode and in single precision.
struct LoadedNetwork {
  torch::jit::Module module;
  std::string stored_type;         ///< "half" if its numbers had another type; otherwise empty
  bool quantises_batches = false;  ///< a layer quantises by the range of the whole batch
};

/// @param file     name for errors.
/// @param methods  methods that will be run.
/// @throws ModelError  LibTorch cannot load it, or it lacks a method. It takes raw audio, and its
///                     card has a log-mel front end.
[[nodiscard]] LoadedNetwork read_network(const std::string& file, c10::Device device,
                                         const std::vector<std::string>& methods,
                                         bool takes_waveform);

/// The same with its attributes as constants. @param fold  fold batch norms into convolutions.
/// @throws ModelError  it modifies its attributes while it runs.
[[nodiscard]] torch::jit::Module frozen_network(const torch::jit::Module& loaded,
                                                const std::string& file,
                                                const std::vector<std::string>& methods, bool fold);

}  // namespace relax_spectro::torch_backend
