#include "files/valid_utf8.hpp"

#include <nlohmann/json.hpp>

namespace relax_spectro::core {

std::string valid_utf8(std::string_view text) {
  using nlohmann::json;  // replaces invalid bytes when it writes text
  const std::string dumped = json(text).dump(-1, ' ', false, json::error_handler_t::replace);
  return json::parse(dumped).get<std::string>();
}

}  // namespace relax_spectro::core
