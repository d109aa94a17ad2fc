#pragma once

#include <optional>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// The groups of a regular expression (ECMAScript) that matches the whole text. Nothing if it does
/// not match.
[[nodiscard]] std::optional<std::vector<std::string>> matched_groups(const std::string& text,
                                                                     const char* pattern);

}  // namespace relax_spectro::core
