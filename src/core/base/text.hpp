#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace relax_spectro::core {

/// Without the spaces at both ends.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

/// ASCII letters in lower case, all else unchanged.
[[nodiscard]] inline std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// The first ten names between commas, and "…" if there are more.
[[nodiscard]] inline std::string first_ten(std::span<const std::string> names) {
  constexpr std::size_t kShown = 10;
  const bool has_more = names.size() > kShown;
  return fmt::format("{}{}", fmt::join(has_more ? names.first(kShown) : names, ", "),
                     has_more ? ", …" : "");
}

/// A text followed by `~` and a number that is a hash of `other`.
[[nodiscard]] inline std::string numbered(const std::string& text, const std::string& other) {
  return fmt::format("{}~{:016x}", text, std::hash<std::string>{}(other));
}

/// Limits a text to `most_bytes` (20 or more). A longer text is cut between characters. Its end is
/// then `~` and a number that is a hash of the whole text.
[[nodiscard]] inline std::string shortened(const std::string& text, std::size_t most_bytes) {
  constexpr std::size_t kNumberBytes = 17;
  if (text.size() <= most_bytes) return text;
  std::size_t kept = most_bytes - kNumberBytes;
  while (kept > 0 && (static_cast<unsigned char>(text[kept]) & 0xC0U) == 0x80U) --kept;
  return numbered(text.substr(0, kept), text);
}

}  // namespace relax_spectro::core
