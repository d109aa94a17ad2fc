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

/// The folder that input files are written to: one for the process, empty at its start.
[[nodiscard]] const std::filesystem::path& input_folder();

/// Writes the bytes as a file of that folder, over what is there.
[[nodiscard]] std::filesystem::path write_input(const std::string& name, Bytes bytes);

/// A file and its bytes: "contrast" and those of a .npy.
using NamedBytes = std::pair<std::string, Bytes>;

/// Splits bytes into those of several files: for each a byte that says which of `names` it is
/// (modulo their number), two that say how long it is, the lower one first, and its bytes; the last
/// one may be cut off. So a mutation reaches an array without breaking a checksum around it.
[[nodiscard]] std::vector<NamedBytes> split_bundle(Bytes bytes,
                                                   std::span<const std::string_view> names);

/// Writes arrays as a `.npz`, uncompressed, whatever their bytes are.
[[nodiscard]] std::filesystem::path write_npz_input(const std::string& name,
                                                    std::span<const NamedBytes> arrays);

/// @throws std::logic_error  it is not true.
void expect(bool is_true, std::string_view what);

/// Runs a reader, whose own errors are as good as a result. Their messages have to name the file.
/// @param read  gets nothing, gives nothing.
void attempt(const std::filesystem::path& file, void (*read)(const std::filesystem::path&));

}  // namespace relax_spectro::fuzz
