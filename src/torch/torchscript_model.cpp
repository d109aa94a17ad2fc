#include <ATen/Parallel.h>
#include <ATen/core/ivalue.h>
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/version.h>

#include <algorithm>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "card_tensors.hpp"
#include "cuda.hpp"
#include "fixed_batches.hpp"
#include "frozen_attributes.hpp"
#include "fused_networks.hpp"
#include "graph_check.hpp"
#include "library_talk.hpp"
#include "model/probe_windows.hpp"
#include "number_type.hpp"
#include "onednn_graph.hpp"
#include "peak_memory.hpp"
#include "read_network.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/model/model.hpp"
#include "torch_errors.hpp"
#include "torchscript_model.hpp"
#include "waveform_network.hpp"
#include "weight_layers.hpp"

namespace relax_spectro::torch_backend {
namespace {

/// The largest relative difference of outputs for which a rewritten network counts as unchanged.
double tolerance_of(Precision precision) { return std::max(1e-4, 8.0 * rounding_of(precision)); }

constexpr std::size_t kProbes = 2;  ///< windows

/// The methods that produce the card's outputs, without repeats.
std::vector<std::string> methods_of(const ModelCard& card) {
  std::vector<std::string> methods;
  for (const auto& place : {card.embedding, card.class_scores}) {
    if (place && std::find(methods.begin(), methods.end(), place->method) == methods.end()) {
      methods.push_back(place->method);
    }
  }
  return methods;
}

class TorchScriptModel final : public Model {
 public:
  TorchScriptModel(const std::filesystem::path& path, const ModelCard& card,
                   const ModelOptions& options);

  [[nodiscard]] ModelOutputs forward(std::span<float> windows, std::size_t batch,
                                     std::size_t frames) override;
  [[nodiscard]] ModelOutputs forward_fused(std::span<float> windows, std::size_t batch,
                                           std::size_t frames) override;
  [[nodiscard]] Array2d<float> spectrogram_of(std::span<const float> samples) override;
  [[nodiscard]] Fusing fusing() const override {
    if (!fused_) return Fusing::impossible;
    // Unfused, bfloat16 took two to three times as long in measurements.
    return precision_ == Precision::bfloat16 ? Fusing::best : Fusing::possible;
  }
  [[nodiscard]] std::string runtime() const override;
  [[nodiscard]] std::vector<std::string> layers() const override;
  [[nodiscard]] std::map<std::string, std::size_t> operators() const override;
  void use_threads(int threads) override { at::set_num_threads(threads); }
  [[nodiscard]] std::size_t bytes_per_window() const override { return bytes_per_window_; }
  [[nodiscard]] std::size_t parameter_count() const override { return parameter_count_; }
  [[nodiscard]] bool on_accelerator() const override { return !device_.is_cpu(); }
  [[nodiscard]] std::optional<double> precision_deviation() const override { return deviation_; }
  [[nodiscard]] std::vector<std::string> warnings() const override;

 private:
  [[nodiscard]] LoadedNetwork read() const {
    return read_network(name_, device_, methods_, card().input.takes_waveform());
  }
  void cut(torch::jit::Module& loaded);
  void prepare(torch::jit::Module loaded, const ModelOptions& options);
  [[nodiscard]] bool find_fixed_batch(const torch::jit::Module& loaded, const std::string& refusal);
  void shuffle(const torch::jit::Module& whole, torch::jit::Module& loaded,
               const WeightShuffle& shuffle);
  [[nodiscard]] torch::jit::Module freeze(const torch::jit::Module& loaded,
                                          bool fold = true) const {
    return frozen_network(loaded, name_, methods_, fold);
  }
  void require_same(const torch::jit::Module& loaded, const torch::jit::Module& frozen);
  void optimise(const torch::jit::Module& loaded, const torch::jit::Module& frozen);
  [[nodiscard]] torch::jit::Module round_numbers(const torch::jit::Module& loaded,
                                                 const torch::jit::Module& frozen,
                                                 Precision precision);
  ModelOutputs probe(const torch::jit::Module& module);
  [[nodiscard]] ModelOutputs run_probes(const Network& network, std::size_t batch,
                                        std::size_t frames);
  void warn(const std::string& warning);
  [[nodiscard]] ModelOutputs guarded_run(const Network& network, std::span<float> windows,
                                         std::size_t batch, std::size_t frames);
  [[nodiscard]] ModelOutputs run(const Network& network, std::span<float> windows,
                                 std::size_t batch, std::size_t frames);
  [[nodiscard]] c10::IValue call(const Network& network, const std::string& method,
                                 const at::Tensor& input, std::size_t batch);
  [[nodiscard]] at::Tensor as_network_takes_it(const at::Tensor& input) const;
  [[noreturn]] void fail(const std::string& what) const;

  std::string name_;
  c10::Device device_;
  Precision precision_ = Precision::single;  ///< of the network that runs now
  std::optional<double> deviation_;          ///< if the precision is not single
  std::vector<std::string> methods_;
  InputLayout input_;                        ///< of the network that runs
  std::optional<WaveformNetwork> waveform_;  ///< if the file's network takes the waveform
  torch::jit::Module module_;
  std::string stored_type_;      ///< if it was not single
  std::string shuffled_;         // for runtime()
  std::size_t fixed_batch_ = 0;  ///< batch size that the network requires; 0: any
  bool optimised_ = false;
  std::size_t bytes_per_window_ = 0;
  std::size_t parameter_count_ = 0;

  mutable std::mutex mutex_;  // protects warnings_
  std::vector<std::string> warnings_;
  std::optional<FusedNetworks> fused_;  ///< nothing: all batches run unfused
};

TorchScriptModel::TorchScriptModel(const std::filesystem::path& path, const ModelCard& card,
                                   const ModelOptions& options)
    : Model(card),
      name_(path.string()),
      device_(options.device),
      methods_(methods_of(card)),
      input_(card.input) {
  const TakenWarnings taken([this](const std::string& warning) { warn(warning); });
  if (device_.is_cuda()) prepare_cuda(options.device);
  // One thread until an engine decides. On a busy machine, several threads would spin waiting for
  // each other and take a hundred times as long for a few probe windows.
  use_threads(1);
  LoadedNetwork loaded = read();
  stored_type_ = loaded.stored_type;
  if (loaded.quantises_batches) fixed_batch_ = 1;
  const torch::jit::Module whole = loaded.module;
  if (card.input.takes_waveform()) cut(loaded.module);
  if (options.shuffle) shuffle(whole, loaded.module, *options.shuffle);
  try {
    prepare(loaded.module, options);
  } catch (const ModelError& refusal) {
    if (!find_fixed_batch(loaded.module, refusal.what())) throw;
    prepare(loaded.module, options);
  }
}

/// Cuts a network that takes the waveform behind its spectrogram.
void TorchScriptModel::cut(torch::jit::Module& loaded) {
  if (methods_.size() > 1) {
    fail(
        fmt::format("its card names the methods {} and {}; expected one that gives all outputs, "
                    "because the network takes the waveform",
                    methods_[0], methods_[1]));
  }
  const torch::jit::Module constant = freeze(loaded, false);
  waveform_ = cut_waveform_network(constant, card(), name_, methods_.front(), device_);
  input_ = waveform_->rest_input;
  set_card(waveform_->card);
  loaded = waveform_->rest;
}

Array2d<float> TorchScriptModel::spectrogram_of(std::span<const float> samples) {
  if (!waveform_) return Model::spectrogram_of(samples);
  const TakenWarnings taken([this](const std::string& warning) { warn(warning); });
  try {
    return waveform_->spectrogram_of(samples, device_);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    fail(fmt::format("its front end failed: {}", failure_of(error).cause));
  }
}

/// Prepares a loaded network for running, and tests it.
void TorchScriptModel::prepare(torch::jit::Module loaded, const ModelOptions& options) {
  torch::jit::Module frozen = freeze(loaded);
  const bool can_fuse = has_onednn_graph() && !forks(frozen, methods_);
  allow_fusing(can_fuse);
  parameter_count_ = 0;
  for (const std::string& method : methods_) {
    parameter_count_ += count_numbers(frozen.get_method(method));
  }
  for (const auto& [name, tensor] : real_attributes(frozen)) {
    parameter_count_ += static_cast<std::size_t>(tensor.numel());
  }
  const bool rewrite = options.optimise && device_.is_cpu();
  if (!rewrite || options.precision != Precision::single) require_same(loaded, frozen);
  if (options.precision != Precision::single) {
    loaded = frozen = round_numbers(loaded, frozen, options.precision);
  }
  if (!rewrite) return;
  // LibTorch does not pass half precision to oneDNN Graph.
  if (can_fuse && options.precision != Precision::half) {
    fused_.emplace(
        frozen, methods_,
        [this](const Network& network, std::size_t batch, std::size_t frames) {
          return run_probes(network, batch, frames);
        },
        tolerance_of(precision_));
  }
  optimise(loaded, frozen);
}

/// Finds the only batch size that a traced network accepts, after it refused another one.
/// @returns whether there is one.
bool TorchScriptModel::find_fixed_batch(const torch::jit::Module& loaded,
                                        const std::string& refusal) {
  if (fixed_batch_ != 0) return false;
  fused_.reset();
  precision_ = Precision::single;
  for (const std::size_t size : batches_named_in(refusal)) {
    fixed_batch_ = size;
    try {
      static_cast<void>(probe(loaded));
    } catch (const ModelError&) {
      continue;
    }
    warn(
        fmt::format("the network takes only batches of {}, because it was traced with one of "
                    "that size, and so it runs slower. Script it, or trace it without .shape[0]",
                    size));
    return true;
  }
  fixed_batch_ = 0;
  return false;
}

/// Reads the file again, because layers are rarely needed and this keeps loading fast.
std::vector<std::string> TorchScriptModel::layers() const {
  const torch::jit::Module whole = read().module;
  const torch::jit::Module constant = waveform_ ? waveform_->rest : freeze(whole, false);
  std::vector<std::string> names;
  for (const WeightLayer& layer : find_weight_layers(whole, constant, methods_)) {
    names.push_back(layer.name);
  }
  return names;
}

std::map<std::string, std::size_t> TorchScriptModel::operators() const {
  const torch::jit::Module loaded = read().module;
  OperatorCounts all;
  for (const std::string& method : methods_) {
    for (const auto& [name, count] : operators_of(loaded.get_method(method))) all[name] += count;
  }
  return all;
}

/// Shuffles weights before freezing folds batch norms into convolutions. @param whole  tells which
/// arrays are not weights
void TorchScriptModel::shuffle(const torch::jit::Module& whole, torch::jit::Module& loaded,
                               const WeightShuffle& shuffle) {
  const torch::jit::Module constant = freeze(loaded, false);
  std::vector<WeightLayer> layers = find_weight_layers(whole, constant, methods_);
  if (layers.empty()) {
    fail(
        "has no weights to shuffle: no operator of the network takes a learnt array of two or "
        "more numbers. Expected a trained network");
  }
  shuffle_weights(layers, shuffle);
  loaded = constant;
  shuffled_ = fmt::format(", weights of {} of {} layers shuffled (seed {})",
                          std::min(shuffle.layers.value_or(layers.size()), layers.size()),
                          layers.size(), shuffle.seed);
}

/// The network in lower precision. Also measures how much its outputs differ.
torch::jit::Module TorchScriptModel::round_numbers(const torch::jit::Module& loaded,
                                                   const torch::jit::Module& frozen,
                                                   Precision precision) {
  constexpr double kLarge = 0.1;
  const ModelOutputs expected = probe(frozen);
  torch::jit::Module rounded = freeze(loaded);  // a program that has run cannot be converted
  for (const std::string& method : methods_) {
    set_number_type(rounded.get_method(method), number_type(precision),
                    stored_type_.empty() ? Casts::stay : Casts::follow);
  }
  set_attribute_type(rounded, number_type(precision));
  precision_ = precision;
  try {
    deviation_ = core::relative_difference(expected, probe(rounded));
  } catch (const ModelError& error) {
    throw ModelError(fmt::format(
        "--precision {}: {}. Use --precision single{}", to_string(precision), error.what(),
        precision == Precision::half ? ", or bfloat16, which has the range of single" : ""));
  }
  if (*deviation_ > kLarge) {
    warn(
        fmt::format("--precision {}: the network's outputs differ by {:.2g} of their size from "
                    "those in single precision",
                    to_string(precision), *deviation_));
  }
  return rounded;
}

/// Lets LibTorch optimise the network for this processor. The result is used only if it gives the
/// same outputs as the loaded network.
///
/// Note [Why the rewritten network is checked]
/// One release of LibTorch rewrote a MobileNetV3 into a network with other outputs.
void TorchScriptModel::optimise(const torch::jit::Module& loaded,
                                const torch::jit::Module& frozen) {
  keep_as_it_is(loaded, methods_);
  std::future<ModelOutputs> expected = std::async([this, &loaded] {
    use_threads(1);
    return run_probes({loaded}, kProbes, card().input.window_frames);
  });
  torch::jit::Module rewritten = frozen.clone();
  std::optional<ModelOutputs> outputs;
  std::string why;
  try {
    outputs = probe(torch::jit::optimize_for_inference(rewritten, methods_));
  } catch (const std::exception& error) {
    why = fmt::format("fails: {}", failure_of(error).cause);
  }
  const ModelOutputs as_loaded = expected.get();
  if (outputs) {
    const double difference = core::relative_difference(as_loaded, *outputs);
    optimised_ = difference <= tolerance_of(precision_);
    if (optimised_) return;
    why = fmt::format("gives other outputs (difference {:.2g} of their size)", difference);
  }
  require_same(loaded, frozen);
  warn(fmt::format("the network that LibTorch optimises {}; it runs as it was loaded", why));
}

/// Uses the frozen network, and refuses it if its outputs differ from the loaded one's.
///
/// Note [Traced in train mode]
/// The batch norms of a program that was traced in train mode use each batch's own statistics, even
/// after eval(). Freezing folds them as in eval mode, which changes the outputs.
void TorchScriptModel::require_same(const torch::jit::Module& loaded,
                                    const torch::jit::Module& frozen) {
  const ModelOutputs expected = probe(loaded);
  const double difference = core::relative_difference(expected, probe(frozen));
  if (difference <= tolerance_of(precision_)) return;
  const bool is_random =
      core::relative_difference(expected, probe(loaded)) > tolerance_of(precision_);
  module_ = frozen;
  if (is_random) return;  // check_model() refuses those
  fail(fmt::format(
      "gives other outputs once it is frozen for inference (difference {:.2g} of their size): it "
      "was traced in train mode. Export it after model.eval()",
      difference));
}

/// Uses a module and tests it.
ModelOutputs TorchScriptModel::probe(const torch::jit::Module& module) {
  module_ = module;
  keep_as_it_is(module, methods_);
  const PeakMemory memory;
  ModelOutputs outputs = run_probes({module}, kProbes, card().input.window_frames);
  bytes_per_window_ = memory.peak_bytes() / kProbes;
  return outputs;
}

ModelOutputs TorchScriptModel::run_probes(const Network& network, std::size_t batch,
                                          std::size_t frames) {
  std::vector<float> windows = core::probe_windows(card(), batch, frames);
  return guarded_run(network, windows, batch, frames);
}

void TorchScriptModel::fail(const std::string& what) const {
  throw ModelError(fmt::format("{}: {}", name_, what));
}

ModelOutputs TorchScriptModel::forward(std::span<float> windows, std::size_t batch,
                                       std::size_t frames) {
  return guarded_run({module_}, windows, batch, frames);
}

ModelOutputs TorchScriptModel::forward_fused(std::span<float> windows, std::size_t batch,
                                             std::size_t frames) {
  if (!fused_) return forward(windows, batch, frames);
  const FusedNetwork fused = fused_->get(batch, frames);
  if (!fused.network) warn(fused.why_not);
  return guarded_run(fused.network.value_or(Network{module_}), windows, batch, frames);
}

/// Adds a warning unless it was already given.
void TorchScriptModel::warn(const std::string& warning) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(warnings_, warning) == warnings_.end()) warnings_.push_back(warning);
}

std::vector<std::string> TorchScriptModel::warnings() const {
  const std::lock_guard lock(mutex_);
  return warnings_;
}

/// Runs without gradients, and converts errors to this library's types.
ModelOutputs TorchScriptModel::guarded_run(const Network& network, std::span<float> windows,
                                           std::size_t batch, std::size_t frames) {
  const c10::InferenceMode inference;
  const TakenWarnings taken([this](const std::string& warning) { warn(warning); });
  try {
    if (fixed_batch_ == 0) return run(network, windows, batch, frames);
    return run_in_fixed_batches(fixed_batch_, windows, batch, [&](std::span<float> part) {
      return run(network, part, fixed_batch_, frames);
    });
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {  // other errors, from moving tensors between devices
    if (!is_out_of_memory(error)) fail(failure_of(error).cause);
    throw MemoryError(
        fmt::format("{}: a batch of {} windows does not fit into memory; try a smaller "
                    "--batch-size, or fewer --workers",
                    name_, batch));
  }
}

c10::IValue TorchScriptModel::call(const Network& network, const std::string& method,
                                   const at::Tensor& input, std::size_t batch) {
  try {
    return network.method(method)({input});
  } catch (const std::exception& error) {
    if (is_out_of_memory(error)) throw;
    const Failure failure = failure_of(error);
    if (!failure.may_be_card) fail(fmt::format("{}() cannot run: {}", method, failure.cause));
    fail(fmt::format(
        "{}() failed on an input of shape {}, which is what its card says ({} bands, {} frames): "
        "{}. Check the card's input.axes, input.channels, front_end.bands and input.window_frames; "
        "a network that takes the waveform has the axes batch and samples",
        method, shape_text(input.sizes()), card().front_end.bands,
        input.numel() / static_cast<std::int64_t>(batch * input_.channels * card().front_end.bands),
        failure.cause));
  }
}

ModelOutputs TorchScriptModel::run(const Network& network, std::span<float> windows,
                                   std::size_t batch, std::size_t frames) {
  const at::Tensor input = input_tensor(input_, windows, batch, frames);
  std::map<std::string, c10::IValue> returned;
  for (const std::string& method : methods_) {
    // The last method may overwrite the windows themselves; the others get a copy.
    const bool may_keep = device_.is_cpu() && precision_ == Precision::single &&
                          input.is_contiguous() && &method == &methods_.back();
    returned[method] = call(network, method, may_keep ? input : as_network_takes_it(input), batch);
  }
  return outputs_of(card(), returned, batch, name_);
}

/// A copy for the network. For another device it is in pinned memory, which the device reads
/// directly.
at::Tensor TorchScriptModel::as_network_takes_it(const at::Tensor& input) const {
  const at::TensorOptions options =
      input.options().dtype(number_type(precision_)).pinned_memory(!device_.is_cpu());
  return at::empty(input.sizes(), options).copy_(input).to(device_, /*non_blocking=*/true);
}

std::string TorchScriptModel::runtime() const {
  const std::string precision =
      precision_ == Precision::single ? "" : fmt::format(", {}", to_string(precision_));
  const std::string stored =
      stored_type_.empty() ? "" : fmt::format(", weights stored as {}", stored_type_);
  return fmt::format("LibTorch {}, {}, frozen{}{}{}, simple executor{}", TORCH_VERSION,
                     device_.str(), stored, precision,
                     optimised_ ? ", optimised for inference" : "", shuffled_);
}

}  // namespace

std::unique_ptr<Model> load_torchscript(const std::filesystem::path& path, const ModelCard& card,
                                        const ModelOptions& options) {
  return std::make_unique<TorchScriptModel>(path, card, options);
}

}  // namespace relax_spectro::torch_backend
