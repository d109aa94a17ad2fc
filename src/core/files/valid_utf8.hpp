#pragma once

#include <string>
#include <string_view>

namespace relax_spectro::core {

/// The text with bytes that are not UTF-8, as file names may hold, as U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view text);

}  // namespace relax_spectro::core
