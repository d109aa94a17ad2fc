#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <string_view>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

/// Reads a finite number that takes up all of `text`. `what` names its option in errors.
/// @throws ConfigError  the text is not a finite number.
[[nodiscard]] inline double parse_number(std::string_view text, std::string_view what) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    throw ConfigError(fmt::format("{}: '{}' is not a number", what, text));
  }
  return value;
}

}  // namespace relax_spectro::core
