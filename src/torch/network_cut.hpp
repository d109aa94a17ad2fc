#pragma once

#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/api/module.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace relax_spectro::torch_backend {

/// A tensor in a network's program at which it might be cut.
struct CutPlace {
  std::string name;                 ///< as the program calls it
  std::size_t node = 0;             ///< index of its operator at the top level
  std::size_t output = 0;           ///< of the operator
  std::vector<std::int64_t> shape;  ///< for a batch of one
};

/// A network's program, or a part of it, that takes one tensor. It runs without optimisation: see
/// keep_as_it_is().
class Program {
 public:
  Program(torch::jit::Module network, std::shared_ptr<torch::jit::Graph> graph);
  /// A copy of a method.
  Program(const torch::jit::Module& network, const std::string& method);
  /// @throws what LibTorch throws
  [[nodiscard]] c10::IValue operator()(const at::Tensor& input) const;

 private:
  torch::jit::Module network_;
  std::shared_ptr<torch::jit::GraphFunction> function_;
};

/// Cuts a frozen network that takes the waveform.
class NetworkCut {
 public:
  /// @param probe  a waveform of the length that the network will get, as a batch of one.
  /// @throws ConfigError  the method takes other inputs than one tensor.
  NetworkCut(torch::jit::Module frozen, std::string method, at::Tensor probe);

  /// The tensors between the waveform and the network's first layer, in the program's order.
  [[nodiscard]] const std::vector<CutPlace>& places() const { return places_; }

  /// The place that the card names, which can also lie behind the first layer.
  /// @throws ConfigError  the program has no such tensor.
  [[nodiscard]] CutPlace named(const std::string& name) const;

  /// The part before the tensor. It returns the tensor.
  [[nodiscard]] Program front(const CutPlace& place) const;

  /// The part behind the tensor: a network that takes the tensor in place of the waveform.
  ///
  /// Note [What crosses a cut]
  /// No other tensor that depends on the sound may pass from one part to the other. Sizes may: for
  /// windows of one length each is a number, or a number for each window of the batch.
  /// @throws ConfigError  something else crosses the cut; the message names it.
  [[nodiscard]] torch::jit::Module rest(const CutPlace& place) const;

 private:
  struct Crossing;

  [[nodiscard]] std::vector<CutPlace> places_before(std::size_t end) const;
  [[nodiscard]] std::vector<Crossing> crossings(torch::jit::Graph& graph,
                                                const CutPlace& place) const;

  torch::jit::Module frozen_;
  std::string method_;
  at::Tensor probe_;
  std::vector<CutPlace> places_;
};

}  // namespace relax_spectro::torch_backend
