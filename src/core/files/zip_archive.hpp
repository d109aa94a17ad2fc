#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct zip;

namespace relax_spectro::core {

/// A zip archive, open for reading.
class ZipArchive {
 public:
  /// Opens a zip archive. Nothing if the file is not one. @throws IoError  it cannot be opened.
  [[nodiscard]] static std::optional<ZipArchive> open_if_zip(const std::filesystem::path& path);

  [[nodiscard]] std::vector<std::string> names() const;

  /// @throws IoError  the entry is missing or damaged, or unpacks to more than `most_bytes`.
  [[nodiscard]] std::vector<char> read(const std::string& name, std::size_t most_bytes) const;

 private:
  struct Closer {
    void operator()(zip* archive) const;
  };
  ZipArchive(std::filesystem::path path, zip* archive)
      : path_(std::move(path)), archive_(archive) {}

  std::filesystem::path path_;
  std::unique_ptr<zip, Closer> archive_;
};

}  // namespace relax_spectro::core
