#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relax_spectro::fuzz {

using Bytes = std::span<const std::uint8_t>;

/// The folder for input files: one for each process, empty at its start.
[[nodiscard]] const std::filesystem::path& input_folder();

/// Writes the bytes to a file in that folder, and replaces an existing one.
[[nodiscard]] std::filesystem::path write_input(const std::string& name, Bytes bytes);

/// A file and its bytes, such as "contrast" and those of a .npy.
using NamedBytes = std::pair<std::string, Bytes>;

/// Splits bytes into several files. Each begins with a byte that selects its name in `names`
/// (modulo their number), and two bytes with its length (little-endian). Its content follows. The
/// last file may be truncated. So a mutation reaches an array without invalidating a checksum
/// around it.
[[nodiscard]] std::vector<NamedBytes> split_bundle(Bytes bytes,
                                                   std::span<const std::string_view> names);

/// Writes arrays as an uncompressed `.npz`, whatever their bytes are.
[[nodiscard]] std::filesystem::path write_npz_input(const std::string& name,
                                                    std::span<const NamedBytes> arrays);

/// @throws std::logic_error  the condition is false.
void expect(bool is_true, std::string_view what);

/// Runs a reader. The library's own errors are expected, but their messages must name the file.
/// @param read  reads the file; its result is not used.
void attempt(const std::filesystem::path& file, void (*read)(const std::filesystem::path&));

}  // namespace relax_spectro::fuzz
