#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace relax_spectro::core {

enum class ByteOrder { little, big };

/// An unsigned number of up to eight bytes.
[[nodiscard]] inline std::uint64_t number_of(std::span<const std::uint8_t> bytes, ByteOrder order) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t place = order == ByteOrder::big ? i : bytes.size() - 1 - i;
    number = (number << 8U) | bytes[place];
  }
  return number;
}

/// The inverse of number_of.
[[nodiscard]] inline std::vector<std::uint8_t> bytes_of(std::uint64_t number, std::size_t count,
                                                        ByteOrder order) {
  std::vector<std::uint8_t> bytes(count);
  for (std::size_t i = 0; i < count; ++i) {
    bytes[order == ByteOrder::big ? count - 1 - i : i] = static_cast<std::uint8_t>(number);
    number >>= 8U;
  }
  return bytes;
}

/// A file with random access.
class FileBytes {
 public:
  explicit FileBytes(const std::filesystem::path& path)
      : file_(path, std::ios::binary), size_(std::filesystem::file_size(path)) {}

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Treats the file as if it ended at this size.
  void end_at(std::uint64_t size) { size_ = std::min(size_, size); }

  /// Up to `count` bytes from `offset` on; fewer at the end of the file.
  [[nodiscard]] std::vector<std::uint8_t> read(std::uint64_t offset, std::size_t count) {
    const std::uint64_t left = size_ - std::min(offset, size_);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(count, left)));
    file_.clear();
    file_.seekg(static_cast<std::streamoff>(offset));
    file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(file_.gcount()));
    return bytes;
  }

  [[nodiscard]] bool has(std::uint64_t offset, std::string_view text) {
    const std::vector<std::uint8_t> bytes = read(offset, text.size());
    return std::equal(bytes.begin(), bytes.end(), text.begin(), text.end());
  }

  /// Nothing if the file ends too early.
  [[nodiscard]] std::optional<std::uint64_t> number(std::uint64_t offset, std::size_t count,
                                                    ByteOrder order) {
    const std::vector<std::uint8_t> bytes = read(offset, count);
    if (bytes.size() < count) return std::nullopt;
    return number_of(bytes, order);
  }

 private:
  std::ifstream file_;
  std::uint64_t size_;
};

}  // namespace relax_spectro::core
