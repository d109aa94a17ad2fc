#pragma once

#include <optional>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// What the groups of a regular expression (ECMAScript) hold where it matches a whole text.
/// Nothing where it does not.
[[nodiscard]] std::optional<std::vector<std::string>> matched_groups(const std::string& text,
                                                                     const char* pattern);

}  // namespace relax_spectro::core
