#include "relax_spectro/occlusion/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <latch>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "base/process_limits.hpp"
#include "base/require.hpp"
#include "occlusion/batch_form.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMebibyte = std::size_t{1} << 20;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::size_t memory_limit_bytes(const EngineOptions& options) {
  if (options.memory_limit_mib > 0) return options.memory_limit_mib * kMebibyte;
  return core::available_memory_bytes().value_or(std::numeric_limits<std::size_t>::max()) / 2;
}

/// Resolves workers and threads. By default there is a worker with one thread for each core, which
/// beats one worker with all threads (bench.py). On an accelerator, one worker runs it while
/// another prepares windows.
EngineOptions with_workers(EngineOptions options, const Model& model, std::size_t most_windows) {
  const int cores = core::usable_cores();
  if (options.workers == 0) {
    options.workers = std::max(1, cores / std::max(1, options.threads));
    if (model.on_accelerator()) options.workers = std::min(options.workers, 2);
    options.workers = static_cast<int>(std::min(static_cast<std::size_t>(options.workers),
                                                std::max<std::size_t>(1, most_windows)));
  }
  if (options.threads == 0) options.threads = std::max(1, cores / options.workers);
  return options;
}

/// Tries to start this many threads. OpenMP would end the program if that fails.
/// @throws MemoryError
void require_threads(const EngineOptions& options) {
  std::latch all_there(1);
  std::vector<std::jthread> threads;
  std::string why;
  try {
    for (int i = 0; i < options.threads * options.workers; ++i) {
      threads.emplace_back([&all_there] { all_there.wait(); });
    }
  } catch (const std::system_error& error) {
    why = error.code().message();
  }
  all_there.count_down();
  if (why.empty()) return;
  throw MemoryError(fmt::format(
      "{} of {} threads can be started ({}); expected --threads {} for each of {} workers: "
      "lower --threads or --workers, or raise the limit (ulimit -u)",
      threads.size(), options.threads * options.workers, why, options.threads, options.workers));
}

}  // namespace

void EngineOptions::validate() const {
  constexpr int kMost = 1024;
  core::require(threads >= 0 && threads <= kMost,
                fmt::format("--threads is {}; expected 0 (chosen) to {}", threads, kMost));
  if (batch) static_cast<void>(parse_batch_form(to_string(*batch)));  // checks its range
  core::require(workers >= 0 && workers <= kMost,
                fmt::format("--workers is {}; expected 0 (chosen) to {}", workers, kMost));
}

/// One run of the engine over a source of windows.
class Engine::Pass {
 public:
  Pass(Engine& engine, const WindowSource& windows, const TakeOutputs& take,
       const EngineProgress& progress)
      : engine_(&engine),
        windows_(&windows),
        take_(&take),
        progress_(&progress),
        bins_(engine.card().front_end.bands * windows.frames) {}

  void run();

 private:
  struct Batch {
    std::size_t begin = 0;
    std::size_t end = 0;
    BatchForm form;  // the last batch may be smaller
  };

  void work() noexcept;
  [[nodiscard]] std::optional<Batch> next_batch();
  void run_batch(Batch batch, std::vector<float>& buffer);
  void try_batch(Batch batch, std::vector<float>& buffer);
  void note_done(std::size_t count, double forward_seconds);
  void lower_sizes(Batch failed, const std::string& why);
  void go_on_with(std::size_t workers, const std::string& why);

  Engine* engine_;
  const WindowSource* windows_;
  const TakeOutputs* take_;
  const EngineProgress* progress_;
  std::size_t bins_;

  std::mutex mutex_;  // protects everything below, and the engine's own state
  std::size_t next_window_ = 0;
  std::size_t done_ = 0;
  std::exception_ptr failure_;
};

void Engine::Pass::run() {
  const auto start = Clock::now();
  {
    std::vector<std::jthread> helpers;
    const auto workers =
        std::min(static_cast<std::size_t>(engine_->options_.workers), windows_->count);
    try {
      while (helpers.size() + 1 < workers) helpers.emplace_back([this] { work(); });
    } catch (const std::system_error& error) {  // a limit on processes: continue with the workers
                                                // that exist
      go_on_with(helpers.size() + 1, error.code().message());
    }
    work();
  }
  engine_->use_.seconds += seconds_since(start);
  if (failure_) std::rethrow_exception(failure_);
}

void Engine::Pass::work() noexcept {
  try {
    engine_->model_->use_threads(engine_->options_.threads);
    std::vector<float> buffer;
    while (const std::optional<Batch> batch = next_batch()) run_batch(*batch, buffer);
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

std::optional<Engine::Pass::Batch> Engine::Pass::next_batch() {
  const std::lock_guard lock(mutex_);
  if (failure_ || next_window_ >= windows_->count) return std::nullopt;
  const Batch batch{next_window_, std::min(next_window_ + engine_->form_.size, windows_->count),
                    engine_->form_};
  next_window_ = batch.end;
  return batch;
}

void Engine::Pass::run_batch(Batch batch, std::vector<float>& buffer) {
  std::string why;
  try {
    try_batch(batch, buffer);
    return;
  } catch (const MemoryError& error) {
    if (batch.form.size == 1) throw;
    why = error.what();
  } catch (const std::bad_alloc&) {
    why = fmt::format("a batch of {} windows does not fit into memory", batch.form.size);
    if (batch.form.size == 1) throw MemoryError("a single window does not fit into memory");
  }
  buffer = {};
  lower_sizes(batch, why);
  const BatchForm half{(batch.form.size + 1) / 2, false};
  const std::size_t middle = std::min(batch.begin + half.size, batch.end);
  run_batch({batch.begin, middle, half}, buffer);
  if (middle < batch.end) run_batch({middle, batch.end, half}, buffer);
}

void Engine::Pass::try_batch(Batch batch, std::vector<float>& buffer) {
  const std::size_t count = batch.end - batch.begin;
  if (buffer.size() < count * bins_) buffer.resize(count * bins_);
  const auto all = std::span(buffer).first(count * bins_);
  for (std::size_t i = 0; i < count; ++i) {
    windows_->write(batch.begin + i, all.subspan(i * bins_, bins_));
  }
  const auto forward_start = Clock::now();
  Model& model = *engine_->model_;
  // An incomplete last batch runs unfused, because compiling for its size would not pay off.
  const ModelOutputs outputs = batch.form.fused && count == batch.form.size
                                   ? model.forward_fused(all, count, windows_->frames)
                                   : model.forward(all, count, windows_->frames);
  const double forward_seconds = seconds_since(forward_start);
  (*take_)(batch.begin, outputs);
  note_done(count, forward_seconds);
}

void Engine::Pass::note_done(std::size_t count, double forward_seconds) {
  const std::lock_guard lock(mutex_);
  engine_->use_.forward_seconds += forward_seconds;
  engine_->use_.windows += count;
  done_ += count;
  if (*progress_) (*progress_)(done_);
}

void Engine::Pass::lower_sizes(Batch failed, const std::string& why) {
  const std::size_t half = (failed.form.size + 1) / 2;
  const std::lock_guard lock(mutex_);
  if (half >= engine_->most_windows_) return;  // another worker has already reported it
  engine_->most_windows_ = half;
  engine_->form_.size = std::min(engine_->form_.size, half);
  engine_->use_.warnings.push_back(fmt::format("{}: continuing with batches of {}", why, half));
}

void Engine::Pass::go_on_with(std::size_t workers, const std::string& why) {
  const std::lock_guard lock(mutex_);
  engine_->use_.warnings.push_back(
      fmt::format("no more threads can be started ({}): continuing with {} of {} workers", why,
                  workers, engine_->options_.workers));
  engine_->options_.workers = static_cast<int>(workers);
}

Engine::Engine(Model& model, const EngineOptions& options)
    : model_(&model),
      most_windows_(BatchForm::kMostWindows),
      warnings_told_(model.warnings().size()) {
  options.validate();
  const std::size_t window_bytes = std::max<std::size_t>(1, model.bytes_per_window());
  const std::size_t most_windows = memory_limit_bytes(options) / window_bytes;
  options_ = with_workers(options, model, most_windows);
  if (options_.threads > 1) require_threads(options_);
  if (!options_.batch) {
    most_windows_ =
        std::max<std::size_t>(1, most_windows / static_cast<std::size_t>(options_.workers));
  }
  begin(0);
}

void Engine::begin(std::size_t windows) {
  const BatchForm wanted =
      options_.batch ? *options_.batch : core::batch_form_for(*model_, windows);
  form_ = {std::min(wanted.size, most_windows_), wanted.fused};
  if (windows == 0 || form_ == wanted) return;
  use_.warnings.push_back(
      fmt::format("memory is short: using batches of {} windows instead of {}. "
                  "Scores may differ in their last digits",
                  form_.size, wanted.size));
}

ModelOutputs Engine::forward_alone(const Array2d<float>& window) {
  model_->use_threads(options_.threads);
  std::vector<float> copy = window.values;
  return model_->forward(copy, 1, window.columns);
}

void Engine::run(const WindowSource& windows, const TakeOutputs& take,
                 const EngineProgress& progress) {
  Pass(*this, windows, take, progress).run();
}

EngineUse Engine::take_use() {
  EngineUse use = std::exchange(use_, {});
  const std::vector<std::string> warnings = model_->warnings();
  use.warnings.insert(use.warnings.end(),
                      warnings.begin() + static_cast<std::ptrdiff_t>(warnings_told_),
                      warnings.end());
  warnings_told_ = warnings.size();
  use.batch = form_;
  use.workers = options_.workers;
  use.threads = options_.threads;
  use.precision_deviation = model_->precision_deviation();
  return use;
}

}  // namespace relax_spectro
