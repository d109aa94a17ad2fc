#pragma once

#include <string>

namespace relax_spectro::core {

/// A text as a field of a CSV: in quotes where it needs them (RFC 4180).
[[nodiscard]] inline std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace relax_spectro::core
