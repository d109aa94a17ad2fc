#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace relax_spectro {

/// A tensor of a state dict, converted to float.
struct StateTensor {
  std::vector<std::size_t> shape;
  std::vector<float> values;  ///< row-major
};

/// The tensors of a network by their names.
using StateDict = std::map<std::string, StateTensor>;

/// Reads weights of safetensors, or of torch.save, as a zip archive or in the older format. A file
/// of torch.save is a state dict, or a checkpoint with one under a key or in a tuple. No code in the
/// file is run, and objects other than tensors are ignored.
///
/// @param key  of the state dict, if a checkpoint has several. Empty: the one with most tensors.
/// @throws IoError     the file is missing or unreadable.
/// @throws ModelError  the file has another format, is damaged, or has no state dict under that
///                     key. The message lists the keys in the file.
[[nodiscard]] StateDict read_state_dict(const std::filesystem::path& path,
                                        const std::string& key = {});

}  // namespace relax_spectro
