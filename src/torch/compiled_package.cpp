#include "compiled_package.hpp"

#include <fmt/format.h>
#include <torch/version.h>

#include "relax_spectro/base/error.hpp"

#ifdef RELAX_SPECTRO_COMPILED_PACKAGES

#include <ATen/Version.h>
#include <ATen/core/ivalue.h>
#include <c10/core/InferenceMode.h>
#include <dlfcn.h>
#include <sys/utsname.h>
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <optional>
#include <regex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/process_limits.hpp"
#include "card_tensors.hpp"
#include "cuda.hpp"
#include "files/library_folder.hpp"
#include "fixed_batches.hpp"
#include "library_talk.hpp"
#include "model/probe_windows.hpp"
#include "peak_memory.hpp"
#include "torch_errors.hpp"

namespace relax_spectro::torch_backend {
namespace {

using torch::inductor::AOTIModelPackageLoader;
using Metadata = std::unordered_map<std::string, std::string>;

constexpr const char* kName = "model";  // the name that aoti_compile_and_package uses

class CompiledPackage final : public Model {
 public:
  CompiledPackage(const std::filesystem::path& path, const ModelCard& card,
                  const ModelOptions& options);

  [[nodiscard]] ModelOutputs forward(std::span<float> windows, std::size_t batch,
                                     std::size_t frames) override;
  [[nodiscard]] std::string runtime() const override;
  [[nodiscard]] std::size_t bytes_per_window() const override { return bytes_per_window_; }
  [[nodiscard]] bool on_accelerator() const override { return !device_.is_cpu(); }

 private:
  void require_usable(const ModelOptions& options) const;
  void require_processor(const Metadata& metadata) const;
  void load();
  void find_batch();
  [[nodiscard]] ModelOutputs run_batch(std::span<float> windows, std::size_t frames);
  [[noreturn]] void fail(const std::string& what) const;

  std::string name_;
  c10::Device device_;
  std::unique_ptr<AOTIModelPackageLoader> package_;
  std::size_t batch_ = 16;  ///< batch size for running the package: see find_batch
  std::size_t bytes_per_window_ = 0;
};

std::string value_of(const Metadata& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : found->second;
}

CompiledPackage::CompiledPackage(const std::filesystem::path& path, const ModelCard& card,
                                 const ModelOptions& options)
    : Model(card), name_(path.string()), device_(options.device) {
  require_usable(options);
  if (device_.is_cuda()) prepare_cuda(options.device);
  load();
  find_batch();
}

/// The batch size that a package requires, taken from its error message. LibTorch has no other way
/// to query it.
std::optional<std::size_t> batch_asked_for(const std::string& refusal) {
  static const std::regex kBatchSize("dim value .*at 0, expected[^0-9]*([0-9]{1,4})");
  std::smatch found;
  if (!std::regex_search(refusal, found, kBatchSize)) return std::nullopt;
  return static_cast<std::size_t>(std::stoul(found[1]));
}

/// Suppresses what a package writes to standard error while this object lives.
class QuietErrors {
 public:
  QuietErrors() : buffer_(std::cerr.rdbuf(nullptr)) {}
  ~QuietErrors() {
    std::cerr.rdbuf(buffer_);
    std::cerr.clear();
  }
  QuietErrors(const QuietErrors&) = delete;
  QuietErrors& operator=(const QuietErrors&) = delete;

 private:
  std::streambuf* buffer_;
};

/// Tests the package, and finds its batch size.
///
/// Note [The batch of a package]
/// A package is compiled for one batch size, or for a range. torch.export may have narrowed that
/// range (2 to 15, 16 and more). So it is always run with one size that works.
void CompiledPackage::find_batch() {
  constexpr int kTries = 3;
  for (int tries = 1;; ++tries) {
    std::vector<float> windows = core::probe_windows(card(), batch_, card().input.window_frames);
    const QuietErrors quiet;
    const PeakMemory memory;
    try {
      static_cast<void>(forward(windows, batch_, card().input.window_frames));
      bytes_per_window_ = memory.peak_bytes() / batch_;
      return;
    } catch (const ModelError& refusal) {
      const std::optional<std::size_t> asked = batch_asked_for(refusal.what());
      if (!asked || *asked == 0 || tries == kTries) throw;
      batch_ = *asked;
    }
  }
}

/// Checks what can be known before any code of the package is loaded.
void CompiledPackage::require_usable(const ModelOptions& options) const {
  if (card().input.takes_waveform()) {
    fail("is compiled, so it cannot be cut at its spectrogram: use the network's TorchScript file");
  }
  if (options.shuffle) {
    fail("is compiled, so its weights cannot be shuffled: use the network's TorchScript file");
  }
  if (options.precision != Precision::single) {
    fail(
        fmt::format("is compiled for a fixed precision: "
                    "--precision {} needs the network's TorchScript file",
                    to_string(options.precision)));
  }
  for (const auto& place : {card().embedding, card().class_scores}) {
    if (place && (place->method != "forward" || place->key)) {
      fail(fmt::format(
          "is compiled: it has no other method than forward, and returns tensors by position; its "
          "card asks for {}",
          place->key ? fmt::format("the key '{}'", *place->key)
                     : fmt::format("the method '{}'", place->method)));
    }
  }
  if (card().input.variable_length) {
    fail(
        "is compiled for windows of one length, but its card says input.variable_length: "
        "remove that, and shorter recordings will be padded");
  }
  Metadata metadata;
  try {
    metadata = AOTIModelPackageLoader::load_metadata_from_package(name_, kName);
  } catch (const std::exception& error) {
    fail(
        fmt::format("not a package that LibTorch {} can load "
                    "(torch._inductor.aoti_compile_and_package writes one): {}",
                    TORCH_VERSION, failure_of(error).cause));
  }
  const std::string device = value_of(metadata, "AOTI_DEVICE_KEY");
  const std::string wanted = device_.is_cuda() ? "cuda" : "cpu";
  if (device != wanted) {
    fail(
        fmt::format("is compiled for the device '{}', but --device is {}: "
                    "compile it for {}, or use the network's TorchScript file",
                    device, options.device, wanted));
  }
  require_processor(metadata);
}

/// Note [What a processor must have]
/// A package uses the widest vector instructions of the machine that compiled it. LibTorch does not
/// check this, and another processor would stop with an illegal instruction.
void CompiledPackage::require_processor(const Metadata& metadata) const {
  const std::string machine = value_of(metadata, "AOTI_MACHINE");
  utsname here{};
  if (uname(&here) == 0 && !machine.empty() && machine != here.machine) {
    fail(fmt::format("is compiled for {} processors, but this is {}: compile it here", machine,
                     here.machine));
  }
  const std::string vectors = value_of(metadata, "AOTI_CPU_ISA");
  const std::string has = at::get_cpu_capability();
  const auto asks_for = [&](const char* name) { return vectors.find(name) != std::string::npos; };
  const bool fits = asks_for("AVX512") || asks_for("AMX") ? has == "AVX512"
                    : asks_for("AVX2")                    ? has == "AVX512" || has == "AVX2"
                                                          : true;
  if (!fits) {
    fail(
        fmt::format("is compiled for processors with {}, but this one has {}: "
                    "compile it here, or use the network's TorchScript file",
                    vectors, has));
  }
}

/// Packages link libtorch.so by name: see Note [Why there is another libtorch.so].
void provide_libtorch_name() {
  for (const auto& library :
       {core::library_folder(reinterpret_cast<const void*>(&at::get_cpu_capability)) /
            "libtorch.so",
        core::library_folder(reinterpret_cast<const void*>(&load_compiled_package)) /
            "librelax_spectro_libtorch_name.so"}) {
    if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) != nullptr) return;
  }
}

void CompiledPackage::load() {
  provide_libtorch_name();
  // Without this, a package accepts a wrong batch size and reads beyond its end.
  setenv("AOTI_RUNTIME_CHECK_INPUTS", "1", 1);  // NOLINT(concurrency-mt-unsafe): before any thread
  const auto runners = static_cast<std::size_t>(core::usable_cores());
  try {
    package_ = std::make_unique<AOTIModelPackageLoader>(name_, kName, false, runners,
                                                        device_.has_index() ? device_.index() : -1);
  } catch (const std::exception& error) {
    fail(fmt::format("its code cannot be loaded: {}", failure_of(error).cause));
  }
}

ModelOutputs CompiledPackage::forward(std::span<float> windows, std::size_t batch,
                                      std::size_t frames) {
  return run_in_fixed_batches(batch_, windows, batch, [this, frames](std::span<float> part) {
    return run_batch(part, frames);
  });
}

ModelOutputs CompiledPackage::run_batch(std::span<float> windows, std::size_t frames) {
  const c10::InferenceMode inference;
  std::vector<at::Tensor> returned;
  try {
    returned = package_->run(
        {input_tensor(card().input, windows, batch_, frames).contiguous().to(device_)});
  } catch (const std::exception& error) {
    if (is_out_of_memory(error)) {
      throw MemoryError(
          fmt::format("{}: a batch of {} windows does not fit into memory", name_, batch_));
    }
    const Failure failure = failure_of(error);
    if (!failure.may_be_card) fail(fmt::format("cannot run: {}", failure.cause));
    fail(fmt::format(
        "failed on windows of {} bands and {} frames, as its card has them: "
        "{}. Check the card's input.axes, "
        "input.channels, front_end.bands and input.window_frames against what it was exported with",
        card().front_end.bands, frames, failure.cause));
  }
  std::vector<c10::IValue> values(returned.begin(), returned.end());
  return outputs_of(card(), {{"forward", c10::ivalue::Tuple::create(std::move(values))}}, batch_,
                    name_);
}

std::string CompiledPackage::runtime() const {
  return fmt::format("LibTorch {}, {}, compiled ahead of time by AOTInductor", TORCH_VERSION,
                     device_.str());
}

void CompiledPackage::fail(const std::string& what) const {
  throw ModelError(fmt::format("{}: {}", name_, what));
}

}  // namespace

std::unique_ptr<Model> load_compiled_package(const std::filesystem::path& path,
                                             const ModelCard& card, const ModelOptions& options) {
  return std::make_unique<CompiledPackage>(path, card, options);
}

}  // namespace relax_spectro::torch_backend

#else

namespace relax_spectro::torch_backend {

std::unique_ptr<Model> load_compiled_package(const std::filesystem::path& path,
                                             const ModelCard& /*card*/,
                                             const ModelOptions& /*options*/) {
  throw ModelError(fmt::format(
      "{}: LibTorch {} as this program was built with has no loader of compiled packages (.pt2); "
      "build with scripts/setup's, or use the network's TorchScript file",
      path.string(), TORCH_VERSION));
}

}  // namespace relax_spectro::torch_backend

#endif
