#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace relax_spectro::core {

/// A text as UTF-8. Text that is not UTF-8 is read as Windows-1252, which spreadsheets write.
[[nodiscard]] std::string as_utf8(std::string_view text);

/// Converts UTF-16 with a byte order mark to UTF-8. Nothing for other text.
[[nodiscard]] std::optional<std::string> utf8_of_utf16(std::string_view bytes);

/// A text as composed UTF-8 (NFC). macOS decomposes characters that other systems compose, so this
/// makes their spellings equal.
[[nodiscard]] std::string composed(std::string_view text);

/// The same, with case folded.
[[nodiscard]] std::string composed_without_case(std::string_view text);

}  // namespace relax_spectro::core
