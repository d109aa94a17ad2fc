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

/// The number format that a network computes in. Scores and maps are always in double.
enum class Precision {
  single,    ///< 32 bits, 24 of them digits: the format of published networks
  half,      ///< 16 bits, 11 of them digits; up to 65504
  bfloat16,  ///< 16 bits, 8 of them digits; the range of single
};

/// @throws ConfigError  unknown name.
[[nodiscard]] Precision parse_precision(std::string_view name);
[[nodiscard]] std::string_view to_string(Precision precision);

/// The largest relative rounding error of a number.
[[nodiscard]] double rounding_of(Precision precision);

/// A model's outputs for a batch of windows. An output that the card does not name has no columns.
struct ModelOutputs {
  Array2d<float> embedding;     ///< [batch, embedding size]
  Array2d<float> class_scores;  ///< [batch, classes], as the network gives them
};

/// Replaces what was learnt by random weights, as a control: in each layer, the values of every
/// weight array are shuffled. Running statistics of batch norms stay.
struct WeightShuffle {
  std::uint64_t seed = 0;
  std::optional<std::size_t> layers;  ///< how many, counted from the last; without it, all

  /// @throws ConfigError  `layers` is 0.
  void validate() const;
};

struct ModelOptions {
  std::string device = "cpu";  ///< cpu, cuda or cuda:INDEX
  /// Rewrites the network for this machine if that is faster and gives the same outputs.
  bool optimise = true;
  /// Lower precision is faster on hardware that supports it, and changes the outputs.
  Precision precision = Precision::single;
  std::optional<WeightShuffle> shuffle{};  ///< without it, the weights of the file

  /// @throws ConfigError  naming the field, its value and its range.
  void validate() const;
};

/// What is known about running a network that is compiled for one batch size.
enum class Fusing {
  impossible,  ///< not available
  possible,    ///< may be faster
  best,        ///< known to be much faster
};

/// A network that takes windows of a spectrogram, ready to run. An Engine runs it. A network that
/// takes the waveform is cut in two: spectrogram_of() runs once a window, and forward() runs what
/// follows.
class Model {
 public:
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// Runs a batch of windows through the network, without gradients. Thread-safe.
  /// @param windows  [batch, frequency, time], row-major, in the front end's units. The network may
  ///                 overwrite them: afterwards their values are undefined.
  /// @param frames   time steps of each window.
  /// @throws ModelError   the network refuses the shape, or returns NaN or infinity.
  /// @throws MemoryError  the batch does not fit into memory.
  [[nodiscard]] virtual ModelOutputs forward(std::span<float> windows, std::size_t batch,
                                             std::size_t frames) = 0;

  /// The same, by a network that is compiled for this batch size. The first batch takes up to half
  /// a second longer; later ones may be faster. Outputs may differ from forward()'s in their last
  /// digits. They depend only on the windows, the sizes and the number of threads.
  /// @throws as forward
  [[nodiscard]] virtual ModelOutputs forward_fused(std::span<float> windows, std::size_t batch,
                                                   std::size_t frames) {
    return forward(windows, batch, frames);
  }

  /// The spectrogram that the network's own front end makes of one window of a recording:
  /// [frequency, time]. Only for a model whose card says that it takes the waveform. Thread-safe.
  /// @param samples  input.window_samples of them, at the card's sample rate.
  /// @throws ModelError   the model does not take the waveform, or its front end fails.
  /// @throws AudioError   the spectrogram is not finite.
  [[nodiscard]] virtual Array2d<float> spectrogram_of(std::span<const float> samples);

  /// Whether forward_fused() differs from forward().
  [[nodiscard]] virtual Fusing fusing() const { return Fusing::impossible; }

  [[nodiscard]] const ModelCard& card() const { return card_; }

  /// The library, device and settings of the network, for provenance: "LibTorch 2.15.0, cpu, ...".
  [[nodiscard]] virtual std::string runtime() const = 0;

  /// The layers with weights, in the order in which the network runs them. A layer's name is the
  /// module with its weights ("features.0"). If the file does not name it, it is the operator
  /// ("conv2d"). Reads the file again.
  /// @throws as load_model
  [[nodiscard]] virtual std::vector<std::string> layers() const { return {}; }

  /// How often each operator occurs in the network's program: {"aten::conv2d", 8}, ... . Reads the
  /// file again.
  /// @throws as load_model
  [[nodiscard]] virtual std::map<std::string, std::size_t> operators() const { return {}; }

  /// Sets how many threads a forward pass called from this thread may use.
  virtual void use_threads(int /*threads*/) {}

  /// The approximate memory for each window of a batch in a forward pass; 0: unknown.
  [[nodiscard]] virtual std::size_t bytes_per_window() const { return 0; }

  /// The number of real numbers in the network, with batch norms folded; 0: unknown.
  [[nodiscard]] virtual std::size_t parameter_count() const { return 0; }

  [[nodiscard]] virtual bool on_accelerator() const { return false; }

  /// The largest relative difference of its outputs on probe windows from those in single
  /// precision. Nothing if it runs in single precision.
  [[nodiscard]] virtual std::optional<double> precision_deviation() const { return std::nullopt; }

  /// Warnings from loading and running the model so far.
  [[nodiscard]] virtual std::vector<std::string> warnings() const { return {}; }

 protected:
  explicit Model(ModelCard card) : card_(std::move(card)) {}

  /// Completes the card by what only the loaded network can tell.
  void set_card(ModelCard card) { card_ = std::move(card); }

 private:
  ModelCard card_;
};

/// Loads a model with its card, and tests it on probe windows. The model is a TorchScript file or a
/// package (.pt2) that AOTInductor has compiled for this kind of processor.
///
/// Both contain code: loading a model runs what its author wrote. If the card contains a SHA-256,
/// it is checked first.
///
/// @throws IoError      the file is missing or unreadable.
/// @throws ConfigError  the card or an option is not valid.
/// @throws ModelError   there is no card, the hash differs, LibTorch cannot be loaded, or the file
///                      has another format. A package is for another processor or device. The
///                      network contradicts its card, cannot run in that precision, or has no
///                      weights to shuffle (a package never has).
[[nodiscard]] std::unique_ptr<Model> load_model(const std::filesystem::path& model_path,
                                                const ModelOptions& options = {});

}  // namespace relax_spectro
