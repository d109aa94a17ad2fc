#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/model/model_card.hpp"

namespace relax_spectro {

/// The numbers that a network computes with. Scores and maps are in double, whatever they are.
enum class Precision {
  single,    ///< 32 bits, 24 of them digits: as networks are published
  half,      ///< 16 bits, 11 of them digits; up to 65504
  bfloat16,  ///< 16 bits, 8 of them digits; as far as single precision
};

/// @throws ConfigError  another name.
[[nodiscard]] Precision parse_precision(std::string_view name);
[[nodiscard]] std::string_view to_string(Precision precision);

/// By how much of its size a number is off at most when it is rounded.
[[nodiscard]] double rounding_of(Precision precision);

/// What a model gives for a batch of windows. A part that the card does not name has no columns.
struct ModelOutputs {
  Array2d<float> embedding;     ///< [batch, embedding size]
  Array2d<float> class_scores;  ///< [batch, classes], as the network gives them
};

/// Random weights in place of what was learnt, as a control: in each layer, every array of weights
/// keeps its values, in another order. Running statistics of batch norms stay.
struct WeightShuffle {
  std::uint64_t seed = 0;
  std::optional<std::size_t> layers;  ///< how many, the last that runs first; without it all

  /// @throws ConfigError  no layer.
  void validate() const;
};

struct ModelOptions {
  std::string device = "cpu";  ///< cpu, cuda or cuda:INDEX
  /// Rewrites the network for this machine, where that is faster and gives the same outputs.
  bool optimise = true;
  /// Less than single is faster where the device has such numbers, and changes the outputs.
  Precision precision = Precision::single;
  std::optional<WeightShuffle> shuffle{};  ///< without it the weights are the file's

  /// @throws ConfigError  naming the field, its value and its range.
  void validate() const;
};

/// What is known of a network that is compiled for batches of one size.
enum class Fusing {
  impossible,  ///< there is none
  possible,    ///< it may be faster
  best,        ///< it is known to be much faster
};

/// A network that takes windows of a spectrogram, ready to run. An Engine runs it.
class Model {
 public:
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// Runs a batch of windows through the network, without gradients. May be called from several
  /// threads at once.
  /// @param windows  [batch, frequency, time], row-major, in the front end's units. The network may
  ///                 work in place: what is in them afterwards is undefined.
  /// @param frames   time steps of each window.
  /// @throws ModelError   the network refuses the shape, or gives NaN or infinity.
  /// @throws MemoryError  the batch does not fit into memory.
  [[nodiscard]] virtual ModelOutputs forward(std::span<float> windows, std::size_t batch,
                                             std::size_t frames) = 0;

  /// The same by a network that is compiled for batches of this very size: the first batch takes
  /// up to half a second more, those after it may take less. Outputs may differ from forward()'s in
  /// their last digits (of the precision), and depend on windows, sizes and the number of threads
  /// alone.
  /// @throws as forward
  [[nodiscard]] virtual ModelOutputs forward_fused(std::span<float> windows, std::size_t batch,
                                                   std::size_t frames) {
    return forward(windows, batch, frames);
  }

  /// Whether forward_fused() is another thing than forward().
  [[nodiscard]] virtual Fusing fusing() const { return Fusing::impossible; }

  [[nodiscard]] const ModelCard& card() const { return card_; }

  /// What the network runs on and how, for provenance: "LibTorch 2.15.0, cpu, ...".
  [[nodiscard]] virtual std::string runtime() const = 0;

  /// The layers that have weights, in the order in which the network runs them: by the module that
  /// holds the weights ("features.0"), or, where the file does not say, by operator ("conv2d").
  /// Reads the file again. @throws as load_model
  [[nodiscard]] virtual std::vector<std::string> layers() const { return {}; }

  /// What the network's program runs, and how often it stands there: {"aten::conv2d", 8}, ... .
  /// Reads the file again. @throws as load_model
  [[nodiscard]] virtual std::map<std::string, std::size_t> operators() const { return {}; }

  /// How many threads a forward pass that this thread asks for may use.
  virtual void use_threads(int /*threads*/) {}

  /// Memory that each window of a batch takes in a forward pass, about; 0: not known.
  [[nodiscard]] virtual std::size_t bytes_per_window() const { return 0; }

  /// How many real numbers the network holds, batch norms folded; 0: not known.
  [[nodiscard]] virtual std::size_t parameter_count() const { return 0; }

  [[nodiscard]] virtual bool on_accelerator() const { return false; }

  /// By how much of their size its outputs on probe windows differ from those in single precision;
  /// nothing where that is what it runs in.
  [[nodiscard]] virtual std::optional<double> precision_deviation() const { return std::nullopt; }

  /// What a user should know of how it was loaded, and of how it has run. Grows.
  [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }

 protected:
  explicit Model(ModelCard card) : card_(std::move(card)) {}

 private:
  ModelCard card_;
};

/// Loads a model with its card and tries it on probe windows: a TorchScript file, or a package that
/// AOTInductor has compiled (.pt2) for this kind of processor.
///
/// Either is code: loading it runs what its author wrote. Where the card has a SHA-256 it is
/// checked first.
///
/// @throws IoError      the file is missing or unreadable.
/// @throws ConfigError  the card is not valid, or an option is not.
/// @throws ModelError   there is no card, the hash differs, LibTorch cannot be loaded, the file is
///                      neither, or a package for other processors or another device, the network
///                      does not do what its card says or cannot be run in that precision, or it
///                      has no weights that could be shuffled (a package never has).
[[nodiscard]] std::unique_ptr<Model> load_model(const std::filesystem::path& model_path,
                                                const ModelOptions& options = {});

}  // namespace relax_spectro
