#pragma once

#include <filesystem>

namespace relax_spectro::core {

/// The format of a file that was given as a model or as weights.
enum class ModelFormat {
  torchscript,
  compiled_package,   ///< of AOTInductor
  state_dict,         ///< torch.save's zip archive: weights, a checkpoint or a Python object
  legacy_state_dict,  ///< the same in the older format
  exported_program,
  mobile,
  executorch,
  onnx,
  safetensors,
  hdf5,
  tflite,
  tensorflow,
  keras,
  pickle,
  lfs_pointer,
  web_page,
  packed,
  cut_off_zip,
  other_zip,
  text,
  unknown
};

/// Determines a file's format from its first bytes and, for a zip archive, from the names in it.
/// @throws IoError  missing, empty or unreadable.
[[nodiscard]] ModelFormat model_format_of(const std::filesystem::path& path);

/// Refuses a file without a network that LibTorch can load.
/// @throws IoError, ModelError  the message has the file's format, and what to do.
void require_network(const std::filesystem::path& path);

/// Refuses a file without weights of torch.save or safetensors. A file of no known format that is
/// named .safetensors counts as one, so that its reader can say what is wrong.
/// @returns its format. @throws IoError, ModelError  likewise
ModelFormat require_weights(const std::filesystem::path& path);

}  // namespace relax_spectro::core
