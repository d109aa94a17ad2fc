#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

namespace relax_spectro::test {

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void write_content(const std::filesystem::path& path, std::string_view content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(content.data(), static_cast<std::streamsize>(content.size()));
}

/// A number as bytes, in either byte order.
inline std::string bytes_of(std::uint64_t number, std::size_t count, bool is_big_endian = false) {
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes += static_cast<char>(number >> (8 * i));
  if (is_big_endian) std::reverse(bytes.begin(), bytes.end());
  return bytes;
}

/// Replaces bytes at an offset from the first occurrence of `mark`.
inline void patch(const std::filesystem::path& path, std::string_view mark, std::size_t behind,
                  std::string_view bytes) {
  std::string content = content_of(path);
  content.replace(content.find(mark) + behind, bytes.size(), bytes);
  write_content(path, content);
}

/// Keeps only the first part of a file.
inline void truncate(const std::filesystem::path& path, double part) {
  const auto size = static_cast<double>(std::filesystem::file_size(path));
  std::filesystem::resize_file(path, static_cast<std::uintmax_t>(size * part));
}

}  // namespace relax_spectro::test
