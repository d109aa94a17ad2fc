#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/architecture.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

/// How the tensors of a file differ from those of an architecture.
struct WeightMisfit {
  std::vector<std::string> missing;
  std::vector<std::string> misshapen;   ///< with both shapes
  std::vector<std::string> unexpected;  ///< sorted

  [[nodiscard]] bool empty() const {
    return missing.empty() && misshapen.empty() && unexpected.empty();
  }
  /// One line for each kind.
  [[nodiscard]] std::string text() const;
};

/// The weights are not of this architecture.
class WeightMisfitError : public ModelError {
 public:
  WeightMisfitError(const std::string& file, WeightMisfit misfit);
  [[nodiscard]] const WeightMisfit& misfit() const { return misfit_; }

 private:
  WeightMisfit misfit_;
};

/// A convolution, by its names in the state dict. Its padding keeps the size of the input.
struct ConvLayer {
  std::string key{};       ///< for "KEY.weight" and, without a norm, "KEY.bias"
  std::string norm_key{};  ///< of the batch norm after it; empty: none
  double norm_epsilon = 1e-5;
  std::size_t kernel = 3;
  std::size_t stride = 1;
  bool depthwise = false;
};

/// Writes a network layer by layer from a state dict. In the code, x is the data that flows
/// through.
///
/// If a tensor is missing or does not fit the layers before it, this is recorded and writing goes
/// on. finish() reports all misfits together.
class NetworkWriter {
 public:
  /// @param file  names the weights in errors.
  NetworkWriter(const StateDict& weights, std::string file);

  /// Adds a line of TorchScript.
  void line(std::string_view text);

  /// x = convolution of x, with its batch norm folded into it.
  /// @returns  the new number of channels of x.
  std::size_t convolve(const ConvLayer& layer, std::size_t channels);

  /// x = batch norm of x along its last axis, not folded.
  void normalise_last_axis(const std::string& key, std::size_t size, double epsilon);

  /// VARIABLE = linear layer applied to VARIABLE.
  /// @returns  its new size.
  std::size_t apply_linear(const std::string& key, std::size_t size,
                           std::string_view variable = "x");

  /// Stores a single tensor. @param shape  0: any size.
  /// @returns  its name in TorchScript.
  std::string hold(const std::string& layer, const std::string& name, const std::string& key,
                   const std::vector<std::size_t>& shape);

  /// Ignores tensors whose names begin with `prefix`, because the network does not use them.
  void ignore(std::string_view prefix);

  /// Completes the network. Its forward() returns the expression `returned`.
  /// @throws WeightMisfitError  the weights do not fit.
  [[nodiscard]] NetworkSource finish(std::string_view returned);

 private:
  struct Affine {
    std::vector<double> scale;
    std::vector<double> shift;
  };

  [[nodiscard]] StateTensor find(const std::string& key, const std::vector<std::size_t>& shape);
  [[nodiscard]] Affine batch_norm(const std::string& key, std::size_t channels, double epsilon);
  std::string add(const std::string& key, const std::string& name, StateTensor tensor);
  void require_fit();

  const StateDict* weights_;
  std::string file_;
  NetworkSource source_;
  std::set<std::string> used_;
  std::vector<std::string> ignored_{"num_batches_tracked"};
  WeightMisfit misfit_;
};

}  // namespace relax_spectro::core
