#pragma once

#include <torch/csrc/jit/api/module.h>

#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "onednn_graph.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro::torch_backend {

/// A network that is compiled for one batch size.
struct FusedNetwork {
  std::optional<Network> network;  ///< nothing: batches of this size run unfused
  std::string why_not;
};

/// Makes fused copies of a frozen network, and caches the last one. Thread-safe.
class FusedNetworks {
 public:
  /// Runs a network on probe windows. @throws ModelError, MemoryError
  using TryNetwork =
      std::function<ModelOutputs(const Network& network, std::size_t batch, std::size_t frames)>;

  /// @param methods    methods that will be run.
  /// @param tolerance  the largest relative difference of outputs with which a copy is used.
  FusedNetworks(torch::jit::Module frozen, std::vector<std::string> methods, TryNetwork try_network,
                double tolerance);

  /// The network for a batch size, and for the calling thread's number of threads.
  /// @throws MemoryError
  [[nodiscard]] FusedNetwork get(std::size_t batch, std::size_t frames);

 private:
  [[nodiscard]] FusedNetwork fuse(std::size_t batch, std::size_t frames) const;

  torch::jit::Module frozen_;
  std::vector<std::string> methods_;
  TryNetwork try_network_;
  double tolerance_;

  std::mutex mutex_;                                  // protects everything below
  std::tuple<std::size_t, std::size_t, int> form_{};  ///< of fused_: batch, frames, threads
  FusedNetwork fused_;
};

}  // namespace relax_spectro::torch_backend
