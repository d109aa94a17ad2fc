#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "model/state_dict.hpp"
#include "model/weights/pickle.hpp"

namespace relax_spectro::core {

/// Where the numbers of tensors lie.
struct Storage {
  std::string key;
  std::string type;  ///< "torch.FloatStorage"
  std::size_t count = 0;
};

/// What a value that is stored elsewhere says of its storage; nothing where it is none.
[[nodiscard]] std::optional<Storage> storage_of(const PickleValue& value);

/// How many bytes a number of a storage takes; 0: no such type.
[[nodiscard]] std::size_t bytes_per_number(const Storage& storage);

/// Gives a storage's bytes: as many as it says it has. @throws ModelError, IoError
using ReadStorage = std::function<std::span<const char>(const Storage& storage)>;

/// Whether a value is a tensor.
[[nodiscard]] bool is_tensor(const PickleValue& value);

/// @param what  names the tensor and its file in errors.
/// @throws ModelError  it is damaged: what it says of itself does not fit its storage.
[[nodiscard]] StateTensor read_tensor(const PickleValue& value, const ReadStorage& read,
                                      const std::string& what);

}  // namespace relax_spectro::core
