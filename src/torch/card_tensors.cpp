#include "card_tensors.hpp"

#include <ATen/ops/from_blob.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::torch_backend {
namespace {

[[noreturn]] void fail(const std::string& model, const std::string& what) {
  throw ModelError(fmt::format("{}: {}", model, what));
}

/// The members of a tuple or list; nothing for other values.
std::optional<std::vector<c10::IValue>> members_of(const c10::IValue& returned) {
  if (returned.isTuple()) return returned.toTupleRef().elements().vec();
  if (returned.isList()) return returned.toListRef().vec();
  return std::nullopt;
}

at::Tensor pick(const c10::IValue& returned, const OutputPlace& place, const std::string& model) {
  const auto tensor_of = [&](const c10::IValue& value, const std::string& where) {
    if (!value.isTensor()) {
      fail(model, fmt::format("{} of {}() is {}, expected a tensor", where, place.method,
                              value.tagKind()));
    }
    return value.toTensor();
  };
  if (place.key) {
    const bool is_dict = returned.isGenericDict() &&
                         returned.toGenericDict().keyType()->kind() == c10::TypeKind::StringType;
    if (!is_dict) {
      fail(model,
           fmt::format("{}() returns {}; its card asks for the key '{}' of a dict with text keys",
                       place.method, returned.tagKind(), *place.key));
    }
    const auto dict = returned.toGenericDict();
    if (!dict.contains(*place.key)) {
      std::vector<std::string> keys;
      for (const auto& item : dict) keys.push_back(item.key().toStringRef());
      fail(model, fmt::format("{}() returns a dict without the key '{}'; it has: {}", place.method,
                              *place.key, fmt::join(keys, ", ")));
    }
    return tensor_of(dict.at(*place.key), fmt::format("the value of '{}'", *place.key));
  }
  if (returned.isTensor() && place.position == 0) return returned.toTensor();
  const std::optional<std::vector<c10::IValue>> members = members_of(returned);
  if (!members || place.position >= members->size()) {
    const std::string what =
        members ? fmt::format("a {} of {}", returned.isTuple() ? "tuple" : "list", members->size())
                : returned.tagKind();
    fail(model, fmt::format("{}() returns {}; its card asks for position {}", place.method, what,
                            place.position));
  }
  return tensor_of((*members)[place.position], fmt::format("position {}", place.position));
}

Array2d<float> to_rows(const at::Tensor& returned, std::string_view what, std::size_t batch,
                       const std::string& model) {
  // One number for each window, as binary classifiers return it.
  const at::Tensor tensor = returned.dim() == 1 ? returned.unsqueeze(1) : returned;
  const auto sizes = tensor.sizes();
  const auto wide_axes = std::count_if(sizes.begin() + std::min<std::ptrdiff_t>(1, tensor.dim()),
                                       sizes.end(), [](std::int64_t size) { return size != 1; });
  if (tensor.dim() < 2 || !std::cmp_equal(sizes[0], batch) || wide_axes > 1) {
    fail(model,
         fmt::format(
             "{} has shape {} for a batch of {} windows; expected ({}, size): one row a window",
             what, shape_text(sizes), batch, batch));
  }
  const at::Tensor rows = tensor.flatten(1).to(at::kCPU, at::kFloat).contiguous();
  Array2d<float> result(batch, static_cast<std::size_t>(rows.size(1)));
  const std::span<const float> values(rows.const_data_ptr<float>(), result.values.size());
  if (!std::all_of(values.begin(), values.end(),
                   [](float value) { return std::isfinite(value); })) {
    fail(model, fmt::format("{} holds NaN or infinity; expected finite numbers", what));
  }
  std::copy(values.begin(), values.end(), result.values.begin());
  return result;
}

}  // namespace

std::string shape_text(c10::IntArrayRef shape) {
  return fmt::format("({})", fmt::join(shape.begin(), shape.end(), ", "));
}

at::Tensor input_tensor(const InputLayout& input, std::span<float> windows, std::size_t batch,
                        std::size_t frames) {
  const auto batch_size = static_cast<std::int64_t>(batch);
  const auto bands = static_cast<std::int64_t>(windows.size() / (batch * frames));
  at::Tensor tensor =
      at::from_blob(windows.data(), {batch_size, bands, static_cast<std::int64_t>(frames)})
          .unsqueeze(1);
  const auto channels = static_cast<std::int64_t>(input.channels);
  if (channels > 1) tensor = tensor.expand({-1, channels, -1, -1});
  // From here on, the axes are batch, channel, frequency, time.
  std::vector<std::int64_t> order;
  bool has_channel = false;
  for (const InputAxis axis : input.axes) {
    if (axis == InputAxis::batch) order.push_back(0);
    if (axis == InputAxis::channel) order.push_back(1);
    if (axis == InputAxis::frequency) order.push_back(2);
    if (axis == InputAxis::time) order.push_back(3);
    has_channel = has_channel || axis == InputAxis::channel;
  }
  if (!has_channel) order.push_back(1);
  tensor = tensor.permute(order);
  if (!has_channel) tensor = tensor.squeeze(-1);
  // Copies of a channel that share memory would overwrite each other if a network works in place.
  return channels > 1 ? tensor.contiguous() : tensor;
}

ModelOutputs outputs_of(const ModelCard& card, const std::map<std::string, c10::IValue>& returned,
                        std::size_t batch, const std::string& model) {
  ModelOutputs outputs{Array2d<float>(batch, 0), Array2d<float>(batch, 0)};
  const auto rows = [&](const OutputPlace& place, std::string_view what) {
    return to_rows(pick(returned.at(place.method), place, model), what, batch, model);
  };
  if (card.embedding) outputs.embedding = rows(*card.embedding, "the embedding");
  if (card.class_scores) {
    outputs.class_scores = rows(*card.class_scores, "the tensor of class scores");
  }
  return outputs;
}

}  // namespace relax_spectro::torch_backend
