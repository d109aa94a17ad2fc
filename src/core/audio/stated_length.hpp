#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace relax_spectro::core {

/// A correction of the file's bytes for the decoder.
struct Mending {
  std::uint64_t offset = 0;
  std::vector<std::uint8_t> bytes;   ///< replace the file's own bytes from `offset` on
  std::optional<std::uint64_t> end;  ///< of the file
};

/// The length that a recording's container states, and problems that show before decoding.
struct StatedLength {
  bool is_mpeg = false;                   ///< decoded by libmpg123, not libsndfile
  std::optional<std::uint64_t> promised;  ///< compared with the decoded length
  std::string_view unit = "frames";       ///< of `promised`
  std::optional<Mending> mending;         ///< makes the decoder read what `warnings` announce
  std::vector<std::string> warnings;      ///< the file contains more than it promises
};

/// Compares a recording's container with its file.
/// @throws AudioError  the file contains less than its header promises.
[[nodiscard]] StatedLength stated_length(const std::filesystem::path& path);

/// The one rule for a promised length: less is an error, more is a warning.
/// @param unit     what is counted: "bytes of samples".
/// @param note     what happens to the excess: "the rest is not read".
/// @param failure  of the decoder, if it explains the missing part.
/// @throws AudioError  less is present than promised.
[[nodiscard]] std::optional<std::string> compare_with_promise(
    const std::filesystem::path& path, std::uint64_t promised, std::uint64_t present,
    std::string_view unit, std::string_view note, std::string_view failure = {});

}  // namespace relax_spectro::core
