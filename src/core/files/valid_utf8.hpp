#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace relax_spectro::core {

/// The text with bytes that are not UTF-8, as file names may hold, as U+FFFD: the JSON library
/// knows how.
[[nodiscard]] inline std::string valid_utf8(std::string_view text) {
  using nlohmann::json;
  const std::string dumped = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(dumped).get<std::string>();
}

}  // namespace relax_spectro::core
