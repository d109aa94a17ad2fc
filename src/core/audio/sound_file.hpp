#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "relax_spectro/audio/audio.hpp"

namespace relax_spectro {

/// Writes channels as a wav with 24 bits, with the mark of this tool. Samples beyond full scale are
/// clipped. Above 4 GiB it is an RF64.
/// @param channels  of the same length and rate; at least one.
/// @param comment   how the sound was made; stored in the file.
/// @throws IoError  it cannot be written.
void write_wav(const std::filesystem::path& path, std::span<const Audio> channels,
               const std::string& comment);

}  // namespace relax_spectro
