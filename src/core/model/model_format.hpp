#pragma once

#include <filesystem>

namespace relax_spectro::core {

/// What a file is that was given as a model or as weights.
enum class ModelFormat {
  torchscript,
  compiled_package,   ///< of AOTInductor
  state_dict,         ///< torch.save's zip archive: weights, a checkpoint or a Python object
  legacy_state_dict,  ///< the same in the format before it
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

/// Says what a file is by its first bytes and, of a zip archive, by the names in it.
/// @throws IoError  missing, empty or unreadable.
[[nodiscard]] ModelFormat model_format_of(const std::filesystem::path& path);

/// Refuses a file that holds no network that LibTorch can load. @throws IoError, ModelError  what
/// it is, and what to do.
void require_network(const std::filesystem::path& path);

/// Refuses a file that holds no weights of torch.save. @throws IoError, ModelError  the same
void require_weights(const std::filesystem::path& path);

}  // namespace relax_spectro::core
