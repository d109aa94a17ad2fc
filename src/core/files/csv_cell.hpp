#pragma once

#include <string>

#include "files/valid_utf8.hpp"

namespace relax_spectro::core {

/// A text as a CSV field, quoted if necessary (RFC 4180). Bytes that are not UTF-8, which file
/// names may contain, become U+FFFD.
[[nodiscard]] inline std::string csv_cell(const std::string& value) {
  std::string text = valid_utf8(value);
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace relax_spectro::core
