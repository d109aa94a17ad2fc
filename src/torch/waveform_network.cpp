#include "waveform_network.hpp"

#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "audio/own_spectrogram.hpp"
#include "base/draw_stream.hpp"
#include "card_tensors.hpp"
#include "model/probe_windows.hpp"
#include "relax_spectro/base/error.hpp"
#include "torch_errors.hpp"

namespace relax_spectro::torch_backend {
namespace {

/// [1, samples] or [1, 1, samples]
at::Tensor waveform_tensor(const InputLayout& input, std::span<const float> samples,
                           c10::Device device) {
  // Copied at once, so that the network may change it.
  auto* values = const_cast<float*>(samples.data());  // NOLINT(*-const-cast): see above
  const at::Tensor tensor =
      at::from_blob(values, {1, static_cast<std::int64_t>(samples.size())}, at::kFloat);
  const bool has_channel = std::ranges::count(input.axes, InputAxis::channel) > 0;
  return (has_channel ? tensor.unsqueeze(input.axes[1] == InputAxis::channel ? 1 : 2) : tensor)
      .clone()
      .to(device);
}

/// The axes of a tensor besides the batch that hold more than one number.
std::vector<std::size_t> wide_axes(const std::vector<std::int64_t>& shape) {
  std::vector<std::size_t> wide;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    if (shape[axis] != 1) wide.push_back(axis);
  }
  return wide;
}

Array2d<float> matrix_of(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.squeeze().to(at::kCPU, at::kFloat).contiguous();
  if (flat.dim() != 2) {
    throw ConfigError(fmt::format("has shape {}; expected two axes", shape_text(tensor.sizes())));
  }
  Array2d<float> matrix(static_cast<std::size_t>(flat.size(0)),
                        static_cast<std::size_t>(flat.size(1)));
  std::copy_n(flat.const_data_ptr<float>(), matrix.values.size(), matrix.values.begin());
  return matrix;
}

void require_spectrogram_shape(const CutPlace& place) {
  const bool is_flat = place.shape.size() == 3 || place.shape.size() == 4;
  if (is_flat && place.shape[0] == 1 && wide_axes(place.shape).size() == 2) return;
  throw ConfigError("its shape is not that of one spectrogram a window");
}

/// The layout of the tensor at a place, as the input of what follows.
InputLayout rest_layout(const CutPlace& place, bool time_first) {
  InputLayout layout;
  layout.axes.assign(place.shape.size(), InputAxis::channel);
  layout.axes[0] = InputAxis::batch;
  const std::vector<std::size_t> wide = wide_axes(place.shape);
  layout.axes[wide[0]] = time_first ? InputAxis::time : InputAxis::frequency;
  layout.axes[wide[1]] = time_first ? InputAxis::frequency : InputAxis::time;
  return layout;
}

std::vector<float> noise(std::size_t samples, std::uint64_t index, double level) {
  std::vector<float> sound(samples);
  core::DrawStream draws(2, index, core::DrawsFor::probe_sound);
  for (float& sample : sound) sample = static_cast<float>(level * core::normal_pair(draws)[0]);
  return sound;
}

class Search {
 public:
  Search(const torch::jit::Module& frozen, const ModelCard& card, const std::string& name,
         const std::string& method, c10::Device device)
      : frozen_(frozen),
        card_(card),
        name_(name),
        method_(method),
        device_(device),
        cut_(frozen, method, waveform(noise(card.input.window_samples, 0, 0.1))) {}

  WaveformNetwork run();

 private:
  [[nodiscard]] at::Tensor waveform(std::span<const float> samples) const {
    return waveform_tensor(card_.input, samples, device_);
  }
  [[nodiscard]] WaveformNetwork cut_at(const CutPlace& place, bool& is_local) const;
  void require_same(const WaveformNetwork& network) const;
  [[nodiscard]] ModelOutputs outputs_of_one(const c10::IValue& returned) const {
    return outputs_of(card_, {{method_, returned}}, 1, name_);
  }

  const torch::jit::Module& frozen_;
  const ModelCard& card_;
  const std::string& name_;
  const std::string& method_;
  c10::Device device_;
  NetworkCut cut_;
};

/// Compares the two parts with the whole, on sounds of several levels. Batches are tested later, as
/// for every network: a whole network may mix the sounds of a batch where its parts do not.
void Search::require_same(const WaveformNetwork& network) const {
  constexpr double kSame = 1e-4;
  const Program all(frozen_, method_);
  const Program rest(network.rest, method_);
  std::uint64_t index = 0;
  for (const double level : {0.3, 0.001}) {
    const at::Tensor sound = waveform(noise(card_.input.window_samples, ++index, level));
    const c10::IValue parts = rest(network.front(sound.clone()).toTensor().clone());
    const c10::IValue whole = all(sound);
    const double difference =
        core::relative_difference(outputs_of_one(whole), outputs_of_one(parts));
    if (difference <= kSame) continue;
    throw ConfigError(
        fmt::format("cut there, the network gives other outputs (difference {:.2g} of their size)",
                    difference));
  }
}

WaveformNetwork Search::cut_at(const CutPlace& place, bool& is_local) const {
  require_spectrogram_shape(place);
  WaveformNetwork network{cut_.front(place), cut_.rest(place), card_, {}};
  const core::MeasuredSpectrogram measured = core::measure_spectrogram(
      [&](std::span<const float> samples) {
        return matrix_of(network.front(waveform(samples)).toTensor());
      },
      card_.input.window_samples, card_.front_end);
  is_local = measured.is_local;
  network.rest_input = rest_layout(place, measured.time_first);
  ModelCard& card = network.card;
  card.front_end = measured.front_end;
  card.input.spectrogram = place.name;
  card.input.window_frames = measured.frames;
  card.input.hop_frames =
      std::max<std::size_t>(card.input.hop_samples / card.front_end.hop_samples, 1);
  card.validate();
  require_same(network);
  return network;
}

WaveformNetwork Search::run() {
  const c10::InferenceMode inference;
  std::vector<CutPlace> places = cut_.places();
  if (card_.input.spectrogram) places = {cut_.named(*card_.input.spectrogram)};
  std::ranges::reverse(places);
  std::vector<std::string> refused;
  std::optional<WaveformNetwork> last;
  for (const CutPlace& place : places) {
    std::string why;
    try {
      bool is_local = false;
      WaveformNetwork network = cut_at(place, is_local);
      if (is_local) return network;
      if (!last) last = std::move(network);
      continue;
    } catch (const MemoryError&) {
      throw;
    } catch (const Error& error) {
      why = error.what();
    } catch (const std::exception& error) {
      why = failure_of(error).cause;
    }
    refused.push_back(fmt::format("  {} {}: {}", place.name, shape_text(place.shape), why));
  }
  if (last) return std::move(*last);
  throw ModelError(fmt::format(
      "{}: {}() cannot be cut at a spectrogram, which its card asks for (it takes samples). "
      "Expected a tensor with bands and frames that all the sound passes through. Considered, from "
      "the network's first layer backwards:\n{}\n"
      "Name another tensor as input.spectrogram in the card, or export the part behind the front "
      "end (models/CARD.md)",
      name_, method_, fmt::join(refused, "\n")));
}

}  // namespace

Array2d<float> WaveformNetwork::spectrogram_of(std::span<const float> samples,
                                               c10::Device device) const {
  const c10::InferenceMode inference;
  const at::Tensor tensor = front(waveform_tensor(card.input, samples, device)).toTensor();
  const bool time_first = std::ranges::find(rest_input.axes, InputAxis::time) <
                          std::ranges::find(rest_input.axes, InputAxis::frequency);
  Array2d<float> values = matrix_of(time_first ? tensor.squeeze().t() : tensor);
  if (values.rows != card.front_end.bands || values.columns != card.input.window_frames) {
    throw ModelError(fmt::format(
        "{}: its front end gives {} x {} bins for a window; expected {} x {}", card.name,
        values.rows, values.columns, card.front_end.bands, card.input.window_frames));
  }
  if (!std::ranges::all_of(values.values, [](float value) { return std::isfinite(value); })) {
    throw AudioError(
        "the recording's spectrogram is not finite; expected samples about full scale, [-1, 1]: "
        "scale the recording down");
  }
  return values;
}

WaveformNetwork cut_waveform_network(const torch::jit::Module& frozen, const ModelCard& card,
                                     const std::string& name, const std::string& method,
                                     c10::Device device) {
  try {
    return Search(frozen, card, name, method, device).run();
  } catch (const ConfigError& error) {
    throw ModelError(fmt::format("{}: {}", name, error.what()));
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw ModelError(fmt::format("{}: {}() failed on a waveform of {} samples: {}", name, method,
                                 card.input.window_samples, failure_of(error).cause));
  }
}

}  // namespace relax_spectro::torch_backend
