#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

/// How batches of windows are run. Convolutions of another batch size may differ in their last
/// digits, so the form is part of how a result was made.
struct BatchForm {
  static constexpr std::size_t kMostWindows = 65536;

  std::size_t size = 1;  ///< windows, 1 to kMostWindows
  bool fused = false;    ///< by Model::forward_fused

  friend bool operator==(const BatchForm&, const BatchForm&) = default;
};

/// Reads "16" or, fused, "16f". @throws ConfigError
[[nodiscard]] BatchForm parse_batch_form(std::string_view text);
[[nodiscard]] std::string to_string(BatchForm form);

/// How windows are run through a model. What is left open is chosen for the machine.
struct EngineOptions {
  std::optional<BatchForm> batch{};  ///< without it, the work says it: see Engine::begin
  int workers = 0;  ///< batches that run at the same time; 0: what threads leave of the cores
  int threads = 0;  ///< in each forward pass; 0: what workers leave of the cores, or one
  /// For batches in the making, in MiB; 0: half of what the machine has left. Bounds what is
  /// chosen, not what is asked for.
  std::size_t memory_limit_mib = 0;

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// Windows to be run, made one by one.
struct WindowSource {
  std::size_t count = 0;
  std::size_t frames = 0;  ///< of each window
  /// Writes window `index`, [frequency, time]. Called from several threads at once.
  std::function<void(std::size_t index, std::span<float> window)> write;
};

/// Takes the outputs of windows begin, begin + 1, ...: one row each. Called from several threads
/// at once, each for windows of its own, in no order.
using TakeOutputs = std::function<void(std::size_t begin, const ModelOutputs& outputs)>;

/// Told how many windows are done. One call at a time.
using EngineProgress = std::function<void(std::size_t windows_done)>;

/// What an engine has done since it was made, or last asked.
struct EngineUse {
  BatchForm batch;  ///< where some did not fit into memory, the one that did
  int workers = 0;
  int threads = 0;
  std::size_t windows = 0;
  double seconds = 0.0;                         ///< from begin to end of the runs
  double forward_seconds = 0.0;                 ///< inside forward passes, all workers together
  std::optional<double> precision_deviation{};  ///< the model's
  std::vector<std::string> warnings;

  /// The share of the workers' time that is spent inside forward passes, 0 to 1.
  [[nodiscard]] double forward_share() const {
    return seconds > 0.0 ? forward_seconds / (seconds * workers) : 0.0;
  }
};

/// The one way that windows go through a model: in batches, several at a time.
///
/// A batch's outputs depend on its windows, its form and the number of threads, not on the workers
/// or their pace. The form follows from the options, the model and the amount of work. So the same
/// work gives the same bits, unless memory is short, which a warning says.
class Engine {
 public:
  /// @param model  must outlive the engine.
  /// @throws ConfigError  options out of range.
  /// @throws MemoryError  the system does not let several threads a worker be started.
  explicit Engine(Model& model, const EngineOptions& options = {});
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] const ModelCard& card() const { return model_->card(); }

  /// Begins a piece of work that is known by itself, such as a recording. Unless the options say
  /// it, the form of its batches follows from the model and from the number of its windows.
  /// @param windows  that the work takes at least.
  void begin(std::size_t windows);

  /// Runs one window alone: a reference.
  /// @throws ModelError, MemoryError
  [[nodiscard]] ModelOutputs forward_alone(const Array2d<float>& window);

  /// Runs all windows of a source. A batch that does not fit into memory is run in halves, and the
  /// batches after it are smaller; a warning says so.
  /// @throws MemoryError  a single window does not fit.
  /// @throws ModelError   the model fails.
  void run(const WindowSource& windows, const TakeOutputs& take,
           const EngineProgress& progress = {});

  /// What was done since the engine was made or last asked.
  [[nodiscard]] EngineUse take_use();

 private:
  class Pass;

  Model* model_;
  EngineOptions options_;
  BatchForm form_;             ///< of the next batch
  std::size_t most_windows_;   ///< in a batch, that fit into memory
  std::size_t warnings_told_;  ///< of the model's
  EngineUse use_;
};

}  // namespace relax_spectro
