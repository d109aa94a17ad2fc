#pragma once

#include <string>
#include <string_view>

#include "model/state_dict.hpp"

namespace relax_spectro::core {

/// Reads a file of safetensors: eight bytes with the length of a JSON header, the header, and the
/// numbers (https://github.com/huggingface/safetensors, "Format"). The tensors must fill the bytes
/// after the header, without holes or overlaps.
///
/// @param content  of the whole file.
/// @param file     its name in errors.
/// @throws ModelError  it is damaged, has no tensors, or has numbers of a type that is not read.
[[nodiscard]] StateDict read_safetensors(std::string_view content, const std::string& file);

}  // namespace relax_spectro::core
