#pragma once

#include <string>
#include <string_view>

namespace relax_spectro::core {

/// The text with each byte that is not UTF-8 replaced by U+FFFD. File names may contain such bytes.
[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace relax_spectro::core
