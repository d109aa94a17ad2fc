#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/base/array2d.hpp"
#include "relax_spectro/model/model.hpp"
#include "relax_spectro/occlusion/batch_schedule.hpp"

namespace relax_spectro {
namespace core {
class BatchSizes;
}

/// How windows are run through a model. What is left open is chosen for the machine.
struct EngineOptions {
  BatchSchedule batches;  ///< empty: sizes are chosen, the better ones by measuring
  int workers = 0;        ///< batches that run at the same time; 0: what threads leave of the cores
  int threads = 0;        ///< in each forward pass; 0: what workers leave of the cores, or one
  /// For batches in the making, in MiB; 0: half of what the machine has left. Bounds what is
  /// chosen, not what is asked for.
  std::size_t memory_limit_mib = 0;

  friend bool operator==(const EngineOptions&, const EngineOptions&) = default;

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
  BatchSchedule batches;  ///< as run; empty where nothing was
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
/// A batch's outputs depend on its windows, its size and the number of threads, not on the workers
/// or their pace: with sizes and threads set, the same windows give the same bits. Where the sizes
/// are left open they are chosen by measuring, and EngineUse::batches says what they were.
class Engine {
 public:
  /// @param model  must outlive the engine.
  /// @throws ConfigError  options out of range.
  /// @throws MemoryError  the system does not let several threads a worker be started.
  explicit Engine(Model& model, const EngineOptions& options = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  [[nodiscard]] const ModelCard& card() const { return model_->card(); }

  /// Says how many windows later runs will bring, about. Other forms of batches are tried only
  /// where the work ahead can earn it back.
  void expect(std::size_t windows) { expected_ = windows; }
  /// The same where the work has parts that are about as large as those that this engine has done.
  void expect_like(std::size_t parts_done, std::size_t parts_left) {
    expect(parts_done == 0 ? 0 : windows_run_ / parts_done * parts_left);
  }
  [[nodiscard]] std::size_t expected() const { return expected_; }

  /// Runs one window alone, outside the schedule: a reference.
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

  /// Whether windows of that length may be fused: where it is chosen, only those of one length,
  /// as the network is compiled again for each.
  [[nodiscard]] bool may_fuse(std::size_t frames);

  Model* model_;
  EngineOptions options_;
  std::unique_ptr<core::BatchSizes> sizes_;
  std::size_t warnings_told_;  ///< of the model's
  std::optional<std::size_t> fused_frames_;
  std::size_t expected_ = 0;
  std::size_t windows_run_ = 0;  ///< since the engine was made
  EngineUse use_;
};

}  // namespace relax_spectro
