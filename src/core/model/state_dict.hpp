#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace relax_spectro {

/// A tensor of a state dict, whatever its type there, in float.
struct StateTensor {
  std::vector<std::size_t> shape;
  std::vector<float> values;  ///< row-major
};

/// The tensors of a network by their names.
using StateDict = std::map<std::string, StateTensor>;

/// Reads the weights that torch.save wrote: a state dict, or a checkpoint that has one under a key
/// or in a tuple. Both of its formats are read, the zip archive and the one before it. No code of
/// the file is run: objects of other kinds beside the tensors are passed over.
///
/// @param key  which state dict of a checkpoint that has several: the name it is under. Empty: the
///             one with most tensors.
/// @throws IoError     missing or unreadable.
/// @throws ModelError  not such a file, damaged, or no state dict under that key: the message lists
///                     those that are there.
[[nodiscard]] StateDict read_state_dict(const std::filesystem::path& path,
                                        const std::string& key = {});

}  // namespace relax_spectro
