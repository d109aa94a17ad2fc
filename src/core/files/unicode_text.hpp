#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace relax_spectro::core {

/// A text as UTF-8. One that is not UTF-8 is taken for Windows-1252, as spreadsheets write it.
[[nodiscard]] std::string as_utf8(std::string_view text);

/// A text in UTF-16, which a mark at its start tells, as UTF-8. Nothing where it is none.
[[nodiscard]] std::optional<std::string> utf8_of_utf16(std::string_view bytes);

/// A text in the form that other spellings of the same characters have as well: UTF-8, composed
/// (NFC). macOS decomposes what other systems compose.
[[nodiscard]] std::string composed(std::string_view text);

/// The same, whatever the case of its letters.
[[nodiscard]] std::string composed_without_case(std::string_view text);

}  // namespace relax_spectro::core
