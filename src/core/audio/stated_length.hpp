#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relax_spectro::core {

/// A file as the decoder is to see it.
struct Mending {
  std::uint64_t offset = 0;
  std::vector<std::uint8_t> bytes;   ///< in place of the file's own, from there on
  std::optional<std::uint64_t> end;  ///< of the file
};

/// What a recording's container says of its length, as far as it shows before it is decoded.
struct StatedLength {
  bool is_mpeg = false;                   ///< libmpg123 decodes it, not libsndfile
  std::optional<std::uint64_t> promised;  ///< to be compared with what is decoded
  std::string_view unit = "frames";       ///< of `promised`
  std::optional<Mending> mending;         ///< has the decoder read what `warnings` say
  std::vector<std::string> warnings;      ///< what the file holds beyond its promise
};

/// Compares a recording's container with its file.
/// @throws AudioError  the file holds less than its header promises.
[[nodiscard]] StatedLength stated_length(const std::filesystem::path& path);

/// The one rule for what a header promises: less is refused, more is warned of.
/// @param unit  what is counted: "bytes of samples".
/// @param note  what becomes of more: "the rest is not read".
/// @param failure  of decoding, where that is why there is less.
/// @throws AudioError  less is there than was promised.
[[nodiscard]] std::optional<std::string> compare_with_promise(
    const std::filesystem::path& path, std::uint64_t promised, std::uint64_t present,
    std::string_view unit, std::string_view note, std::string_view failure = {});

}  // namespace relax_spectro::core
