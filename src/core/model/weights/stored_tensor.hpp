#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "model/state_dict.hpp"
#include "model/weights/pickle.hpp"

namespace relax_spectro::core {

/// A block of numbers that tensors refer to.
struct Storage {
  std::string key;
  std::string type;  ///< "torch.FloatStorage"
  std::size_t count = 0;
};

/// The storage that a stored value refers to; nothing if it refers to none.
[[nodiscard]] std::optional<Storage> storage_of(const PickleValue& value);

/// The bytes for each number in a storage; 0: unknown type.
[[nodiscard]] std::size_t bytes_per_number(const Storage& storage);

/// Returns a storage's bytes, checked against its size. @throws ModelError, IoError
using ReadStorage = std::function<std::span<const char>(const Storage& storage)>;

/// Whether a value is a tensor.
[[nodiscard]] bool is_tensor(const PickleValue& value);

/// @param what  names the tensor and its file in errors.
/// @throws ModelError  the tensor is damaged: its shape does not match its storage.
[[nodiscard]] StateTensor read_tensor(const PickleValue& value, const ReadStorage& read,
                                      const std::string& what);

}  // namespace relax_spectro::core
