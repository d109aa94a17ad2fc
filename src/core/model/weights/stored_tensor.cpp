#include "model/weights/stored_tensor.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/weights/stored_number.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kMostAxes = 16;

const StoredNumber* type_of(const Storage& storage) {
  const auto found = std::ranges::find(stored_numbers(), storage.type, &StoredNumber::storage);
  return found == stored_numbers().end() ? nullptr : &*found;
}

/// The arguments from which a tensor is rebuilt; nothing if a value is not a tensor. A parameter
/// wraps one. A tensor with attributes stores its rebuild function and that function's arguments.
const PickleValue* tensor_arguments(const PickleValue& value) {
  if (value.kind != Kind::call) return nullptr;
  const std::string* function = &value.items[0]->text;
  const PickleValue* arguments = value.items[1];
  if (*function == "torch._tensor._rebuild_from_type_v2") {
    if (arguments->items.size() < 3 || arguments->items[2]->kind != Kind::sequence) return nullptr;
    function = &arguments->items[0]->text;
    arguments = arguments->items[2];
  }
  if (*function == "torch._utils._rebuild_tensor_v2") return arguments;
  const bool is_parameter = *function == "torch._utils._rebuild_parameter" ||
                            *function == "torch._utils._rebuild_parameter_with_state";
  if (!is_parameter || arguments->items.empty()) return nullptr;
  const PickleValue& held = *arguments->items[0];
  const bool holds_tensor =
      held.kind == Kind::call && held.items[0]->text == "torch._utils._rebuild_tensor_v2";
  return holds_tensor ? held.items[1] : nullptr;
}

/// Sizes or strides; nothing if the value is neither.
std::optional<std::vector<std::size_t>> numbers_of(const PickleValue& value) {
  if (value.kind != Kind::sequence || value.items.size() > kMostAxes) return std::nullopt;
  std::vector<std::size_t> numbers;
  for (const PickleValue* item : value.items) {
    if (item->kind != Kind::integer || item->integer < 0) return std::nullopt;
    numbers.push_back(static_cast<std::size_t>(item->integer));
  }
  return numbers;
}

/// The layout of a tensor in its storage.
struct View {
  std::size_t offset = 0;
  std::vector<std::size_t> shape;
  std::vector<std::size_t> strides;

  /// The number of elements, if all of them lie within `available`; otherwise nothing.
  [[nodiscard]] std::optional<std::size_t> count_within(std::size_t available) const {
    if (std::ranges::find(shape, std::size_t{0}) != shape.end()) return 0;
    std::size_t count = 1;
    std::size_t last = offset;
    if (last >= available) return std::nullopt;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      // Neither a stride nor the number of elements can exceed what is available.
      if (shape[axis] > available / count) return std::nullopt;
      count *= shape[axis];
      if (shape[axis] > 1 && strides[axis] > available / (shape[axis] - 1)) return std::nullopt;
      last += (shape[axis] - 1) * strides[axis];
      if (last >= available) return std::nullopt;
    }
    return count;
  }
};

std::optional<View> view_of(const std::vector<const PickleValue*>& arguments) {
  if (arguments.size() < 4 || arguments[1]->kind != Kind::integer || arguments[1]->integer < 0) {
    return std::nullopt;
  }
  const auto shape = numbers_of(*arguments[2]);
  const auto strides = numbers_of(*arguments[3]);
  if (!shape || !strides || shape->size() != strides->size()) return std::nullopt;
  return View{static_cast<std::size_t>(arguments[1]->integer), *shape, *strides};
}

std::vector<float> gather(const View& view, std::size_t count, const StoredNumber& type,
                          const char* bytes) {
  std::vector<float> values(count);
  std::vector<std::size_t> index(view.shape.size(), 0);
  std::size_t place = view.offset;
  for (float& value : values) {
    value = type.read(bytes + place * type.bytes);
    for (std::size_t axis = index.size(); axis-- > 0;) {  // advances the index, last axis first
      place += view.strides[axis];
      if (++index[axis] < view.shape[axis]) break;
      place -= view.shape[axis] * view.strides[axis];
      index[axis] = 0;
    }
  }
  return values;
}

}  // namespace

std::optional<Storage> storage_of(const PickleValue& value) {
  if (value.kind != Kind::stored) return std::nullopt;
  const PickleValue& place = *value.items[0];
  if (place.kind != Kind::sequence || place.items.size() < 5) return std::nullopt;
  const auto& items = place.items;
  if (items[0]->text != "storage" || items[1]->kind != Kind::global ||
      items[2]->kind != Kind::text || items[4]->kind != Kind::integer || items[4]->integer < 0) {
    return std::nullopt;
  }
  // In the older format several views could share a storage; no state dict uses this.
  if (items.size() > 5 && items[5]->kind != Kind::none) return std::nullopt;
  return Storage{items[2]->text, items[1]->text, static_cast<std::size_t>(items[4]->integer)};
}

std::size_t bytes_per_number(const Storage& storage) {
  const StoredNumber* type = type_of(storage);
  return type != nullptr ? type->bytes : 0;
}

bool is_tensor(const PickleValue& value) { return tensor_arguments(value) != nullptr; }

StateTensor read_tensor(const PickleValue& value, const ReadStorage& read,
                        const std::string& what) {
  const auto& arguments = tensor_arguments(value)->items;
  const std::optional<View> view = view_of(arguments);
  const std::optional<Storage> storage =
      arguments.empty() ? std::nullopt : storage_of(*arguments[0]);
  if (!view || !storage) throw ModelError(fmt::format("{} is damaged: it has no storage", what));
  const StoredNumber* type = type_of(*storage);
  if (type == nullptr) {
    throw ModelError(
        fmt::format("{} is of {}; expected real or whole numbers", what, storage->type));
  }
  const std::optional<std::size_t> count = view->count_within(storage->count);
  if (!count) {
    throw ModelError(
        fmt::format("{} is damaged: its shape goes beyond the {} numbers that are stored for it",
                    what, storage->count));
  }
  if (*count == 0) return {view->shape, {}};
  return {view->shape, gather(*view, *count, *type, read(*storage).data())};
}

}  // namespace relax_spectro::core
