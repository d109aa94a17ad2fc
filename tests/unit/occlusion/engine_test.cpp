#include "relax_spectro/occlusion/engine.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"

using namespace relax_spectro;

namespace {

constexpr std::size_t kFrames = 20;
constexpr std::size_t kBins = 16 * kFrames;

/// Returns each window's first value, and fails on request.
class EchoModel final : public Model {
 public:
  EchoModel() : Model(test::small_card()) {}

  ModelOutputs forward(std::span<float> windows, std::size_t batch, std::size_t) override {
    {
      const std::lock_guard lock(mutex_);
      batches_.push_back(batch);
    }
    if (batch > fits_) throw MemoryError("too much");
    for (std::size_t b = 0; b < batch; ++b) {
      if (windows[b * kBins] == breaks_at_) throw ModelError("broken");
    }
    ModelOutputs outputs{Array2d<float>(batch, 1), Array2d<float>(batch, 0)};
    for (std::size_t b = 0; b < batch; ++b) outputs.embedding(b, 0) = windows[b * kBins];
    std::ranges::fill(windows, -1.0F);  // like a network that works in place
    return outputs;
  }
  ModelOutputs forward_fused(std::span<float> windows, std::size_t batch,
                             std::size_t frames) override {
    {
      const std::lock_guard lock(mutex_);
      fused_.push_back(batch);
    }
    return forward(windows, batch, frames);
  }
  std::string runtime() const override { return "echo"; }
  std::vector<std::string> warnings() const override { return warnings_; }
  std::size_t bytes_per_window() const override { return bytes_per_window_; }

  Fusing fusing() const override { return fusing_; }
  std::size_t parameter_count() const override { return parameters_; }
  bool on_accelerator() const override { return accelerator_; }

  // NOLINTBEGIN(readability-identifier-naming): functions have the names without the line
  Fusing fusing_ = Fusing::impossible;
  std::size_t parameters_ = 0;
  bool accelerator_ = false;
  std::size_t fits_ = 1000;
  float breaks_at_ = -2.0F;
  std::size_t bytes_per_window_ = 0;
  std::vector<std::size_t> batches_;
  std::vector<std::size_t> fused_;  ///< of these, the fused ones
  std::vector<std::string> warnings_;
  // NOLINTEND(readability-identifier-naming)

 private:
  std::mutex mutex_;
};

WindowSource numbered(std::size_t count) {
  return {count, kFrames, [](std::size_t index, std::span<float> window) {
            std::ranges::fill(window, static_cast<float>(index));
          }};
}

/// The engine's outputs for windows 0, 1, 2 ...
std::vector<float> run_numbered(Engine& engine, std::size_t count) {
  std::vector<float> values(count, -1.0F);
  engine.run(numbered(count), [&](std::size_t begin, const ModelOutputs& outputs) {
    std::ranges::copy(outputs.embedding.values,
                      values.begin() + static_cast<std::ptrdiff_t>(begin));
  });
  return values;
}

std::vector<float> counted_to(std::size_t count) {
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<float>(i));
  return values;
}

EngineOptions two_workers(BatchForm batch) {
  EngineOptions options;
  options.batch = batch;
  options.workers = 2;
  return options;
}

}  // namespace

TEST_CASE("every window is run once, whatever the batches and the workers") {
  const std::size_t batch_size = GENERATE(1, 7, 16, 200);
  const int workers = GENERATE(1, 2, 5);
  EchoModel model;
  EngineOptions options = test::batches_of(batch_size);
  options.workers = workers;
  Engine engine(model, options);
  CHECK(run_numbered(engine, 100) == counted_to(100));
  const EngineUse use = engine.take_use();
  CHECK(use.windows == 100);
  CHECK(use.workers == workers);
  CHECK(use.batch == BatchForm{batch_size, false});
  CHECK(use.forward_share() >= 0.0);
  CHECK(use.forward_share() <= 1.0);
}

TEST_CASE("no window is no work") {
  EchoModel model;
  Engine engine(model);
  CHECK(run_numbered(engine, 0).empty());
  CHECK(engine.take_use().windows == 0);
}

TEST_CASE("progress counts every window once, in order") {
  EchoModel model;
  Engine engine(model, test::batches_of(8));
  std::vector<std::size_t> seen;
  engine.run(
      numbered(20), [](std::size_t, const ModelOutputs&) {},
      [&seen](std::size_t done) { seen.push_back(done); });
  CHECK(seen == std::vector<std::size_t>{8, 16, 20});
}

TEST_CASE("a model's failure ends the run") {
  EchoModel model;
  model.breaks_at_ = 50.0F;
  Engine engine(model, two_workers({4, false}));
  // So many that the other worker cannot finish while the failing one waits.
  constexpr std::size_t kWindows = 2'000'000;
  CHECK_THROWS_WITH(run_numbered(engine, kWindows), "broken");
  CHECK(model.batches_.size() < kWindows / 4);
}

TEST_CASE("a batch that does not fit into memory is run in halves, and the next ones are smaller") {
  EchoModel model;
  model.fits_ = 5;
  Engine engine(model, test::batches_of(16));
  CHECK(run_numbered(engine, 64) == counted_to(64));
  const EngineUse use = engine.take_use();
  CHECK(use.batch == BatchForm{4, false});
  REQUIRE(use.warnings.size() == 2);
  CHECK(use.warnings[0] == "too much: continuing with batches of 8");
  CHECK(use.warnings[1] == "too much: continuing with batches of 4");
}

TEST_CASE("one window that does not fit into memory is an error") {
  EchoModel model;
  model.fits_ = 0;
  Engine engine(model, two_workers({4, false}));
  CHECK_THROWS_AS(run_numbered(engine, 64), MemoryError);
}

TEST_CASE("chosen batches and workers keep within the memory limit") {
  EchoModel model;
  model.bytes_per_window_ = std::size_t{1} << 20;
  EngineOptions options;
  options.workers = 2;
  options.memory_limit_mib = 8;
  Engine engine(model, options);
  CHECK(run_numbered(engine, 64) == counted_to(64));
  CHECK(*std::ranges::max_element(model.batches_) == 4);
  engine.begin(64);
  const EngineUse use = engine.take_use();
  CHECK(use.batch == BatchForm{4, false});
  REQUIRE(use.warnings.size() == 1);
  CHECK_THAT(use.warnings[0], Catch::Contains("batches of 4 windows instead of 16"));

  EngineOptions tiny;
  tiny.memory_limit_mib = 1;
  CHECK(Engine(model, tiny).take_use().workers == 1);
}

TEST_CASE("engine options out of range are refused by name, value and range") {
  EngineOptions options;
  options.threads = -1;
  CHECK_THROWS_WITH(options.validate(), "--threads is -1; expected 0 (chosen) to 1024");
  options = {};
  options.workers = 5000;
  CHECK_THROWS_WITH(options.validate(), "--workers is 5000; expected 0 (chosen) to 1024");
  options = {};
  options.batch = BatchForm{0, true};
  CHECK_THROWS_WITH(options.validate(), Catch::Contains("--batch-size is '0f'"));
}

TEST_CASE("whole batches are fused where that is asked for, the rest of a run is not") {
  EchoModel model;
  EngineOptions options;
  options.batch = parse_batch_form("8f");
  options.workers = 1;
  Engine engine(model, options);
  run_numbered(engine, 20);
  CHECK(model.batches_ == std::vector<std::size_t>{8, 8, 4});
  CHECK(model.fused_ == std::vector<std::size_t>{8, 8});
  CHECK(to_string(engine.take_use().batch) == "8f");
}

TEST_CASE("the form of batches follows from the model and the work, not from what was run before") {
  EchoModel model;
  model.fusing_ = Fusing::possible;
  Engine engine(model);
  const auto form_for = [&engine](std::size_t windows) {
    engine.begin(windows);
    run_numbered(engine, 64);
    return to_string(engine.take_use().batch);
  };
  CHECK(form_for(383) == "16");
  CHECK(form_for(384) == "4f");
  CHECK(form_for(1) == "16");
  model.parameters_ = 4'000'000;  // 15 MiB
  CHECK(form_for(503) == "16");
  CHECK(form_for(504) == "4f");
  model.parameters_ = 40'000'000;  // 152 MiB
  CHECK(form_for(1599) == "32");
  CHECK(form_for(1600) == "32f");
  model.fusing_ = Fusing::best;
  CHECK(form_for(1) == "32f");
  model.fusing_ = Fusing::impossible;
  CHECK(form_for(1'000'000) == "32");
  model.accelerator_ = true;
  CHECK(form_for(1) == "128");
}

TEST_CASE("the form of batches is read as it is written, and refused out of its range") {
  for (const char* text : {"1", "16", "4f", "65536f"}) {
    CHECK(to_string(parse_batch_form(text)) == text);
  }
  for (const char* text : {"", "0", "0f", "x", "f", "16ff", "16x3", "16,8", "-1", "65537", "1e3"}) {
    INFO(text);
    CHECK_THROWS_WITH(parse_batch_form(text), Catch::Contains("from 1 to 65536"));
  }
}

TEST_CASE("a model's warnings while it runs are told once") {
  EchoModel model;
  model.warnings_ = {"at the start"};
  Engine engine(model, test::batches_of(8));
  CHECK(engine.take_use().warnings.empty());
  model.warnings_.emplace_back("later");
  CHECK(engine.take_use().warnings == std::vector<std::string>{"later"});
  CHECK(engine.take_use().warnings.empty());
}
