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

/// The form in which batches run. Other batch sizes may change the last digits of convolutions, so
/// results record the form.
struct BatchForm {
  static constexpr std::size_t kMostWindows = 65536;

  std::size_t size = 1;  ///< number of windows, 1 to kMostWindows
  bool fused = false;    ///< with Model::forward_fused

  friend bool operator==(const BatchForm&, const BatchForm&) = default;
};

/// Reads "16", or "16f" for fused batches. @throws ConfigError
[[nodiscard]] BatchForm parse_batch_form(std::string_view text);
[[nodiscard]] std::string to_string(BatchForm form);

/// How windows run through a model. Unset options are chosen for the machine.
struct EngineOptions {
  std::optional<BatchForm> batch{};  ///< without it, the work decides: see Engine::begin
  int workers = 0;                   ///< batches in parallel; 0: cores divided by threads
  int threads = 0;                   ///< in each forward pass; 0: cores divided by workers, or one
  /// Memory for batches in preparation, in MiB; 0: half of the available memory. It limits the
  /// chosen batch size, but not a requested one.
  std::size_t memory_limit_mib = 0;

  /// @throws ConfigError  naming the option, its value and its range.
  void validate() const;
};

/// Windows to run, generated one by one.
struct WindowSource {
  std::size_t count = 0;
  std::size_t frames = 0;  ///< of each window
  /// Writes window `index`, [frequency, time]. Called from several threads in parallel.
  std::function<void(std::size_t index, std::span<float> window)> write;
};

/// Receives the outputs of windows begin, begin + 1, ...: one row each. Called from several threads
/// in parallel, in any order, each time for different windows.
using TakeOutputs = std::function<void(std::size_t begin, const ModelOutputs& outputs)>;

/// Receives the number of finished windows. Never called in parallel.
using EngineProgress = std::function<void(std::size_t windows_done)>;

/// What an engine has done since it was created, or since the last take_use().
struct EngineUse {
  BatchForm batch;  ///< the smaller form, if some batches did not fit into memory
  int workers = 0;
  int threads = 0;
  std::size_t windows = 0;
  double seconds = 0.0;                         ///< total time of the runs
  double forward_seconds = 0.0;                 ///< time inside forward passes, summed over workers
  std::optional<double> precision_deviation{};  ///< of the model
  std::vector<std::string> warnings;

  /// The fraction of the workers' time inside forward passes, 0 to 1.
  [[nodiscard]] double forward_share() const {
    return seconds > 0.0 ? forward_seconds / (seconds * workers) : 0.0;
  }
};

/// Runs all windows through a model, in batches and in parallel.
///
/// The outputs of a batch depend on its windows, its form and the number of threads. They do not
/// depend on the number or timing of the workers. The form follows from the options, the model and
/// the amount of work. So the same work gives the same bits. The exception is a shortage of memory,
/// which causes a warning.
class Engine {
 public:
  /// @param model  must outlive the engine.
  /// @throws ConfigError  options out of range.
  /// @throws MemoryError  the system cannot start the threads of a worker.
  explicit Engine(Model& model, const EngineOptions& options = {});
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] const ModelCard& card() const { return model_->card(); }
  [[nodiscard]] Model& model() const { return *model_; }

  /// Begins a piece of work, such as a recording. Unless the options set the form of batches, it
  /// follows from the model and the number of windows.
  /// @param windows  the fewest windows that the work needs.
  void begin(std::size_t windows);

  /// Runs a single window as a batch of one: a reference.
  /// @throws ModelError, MemoryError
  [[nodiscard]] ModelOutputs forward_alone(const Array2d<float>& window);

  /// Runs all windows of a source. A batch that does not fit into memory is run in halves, and
  /// later batches are smaller. A warning reports this.
  /// @throws MemoryError  a single window does not fit.
  /// @throws ModelError   the model fails.
  void run(const WindowSource& windows, const TakeOutputs& take,
           const EngineProgress& progress = {});

  /// What the engine has done since it was created, or since the last call.
  [[nodiscard]] EngineUse take_use();

 private:
  class Pass;

  Model* model_;
  EngineOptions options_;
  BatchForm form_;             ///< of the next batch
  std::size_t most_windows_;   ///< in a batch that fits into memory
  std::size_t warnings_told_;  ///< number of the model's warnings already reported
  EngineUse use_;
};

}  // namespace relax_spectro
