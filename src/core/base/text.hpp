#pragma once

#include <algorithm>
#include <cctype>
#include <string>

namespace relax_spectro::core {

/// ASCII letters made small, all else left alone.
[[nodiscard]] inline std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace relax_spectro::core
