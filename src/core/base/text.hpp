#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <functional>
#include <string>

namespace relax_spectro::core {

/// ASCII letters made small, all else left alone.
[[nodiscard]] inline std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// A text with `~` and a number that stands for another text.
[[nodiscard]] inline std::string numbered(const std::string& text, const std::string& other) {
  return fmt::format("{}~{:016x}", text, std::hash<std::string>{}(other));
}

/// A text of at most so many bytes (20 or more): a longer one is cut, between characters, and ends
/// in `~` and a number that stands for all of it.
[[nodiscard]] inline std::string shortened(const std::string& text, std::size_t most_bytes) {
  constexpr std::size_t kNumberBytes = 17;
  if (text.size() <= most_bytes) return text;
  std::size_t kept = most_bytes - kNumberBytes;
  while (kept > 0 && (static_cast<unsigned char>(text[kept]) & 0xC0U) == 0x80U) --kept;
  return numbered(text.substr(0, kept), text);
}

}  // namespace relax_spectro::core
