#include "files/json_text.hpp"

#include <fmt/format.h>

#include <string>
#include <unordered_set>
#include <vector>

#include "files/valid_utf8.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

nlohmann::json parse_json(std::string_view text, std::string_view origin, int deepest) {
  using Event = nlohmann::json::parse_event_t;
  std::vector<std::unordered_set<std::string>> names;  // in each open object
  const auto check = [&](int depth, Event event, nlohmann::json& value) {
    if (depth > deepest) {
      throw ConfigError(fmt::format("{}: is nested deeper than {} levels", origin, deepest));
    }
    if (event == Event::object_start) names.emplace_back();
    if (event == Event::object_end) names.pop_back();
    if (event == Event::key && !names.back().insert(value.get<std::string>()).second) {
      throw ConfigError(
          fmt::format("{}: has '{}' twice in one object", origin, value.get<std::string>()));
    }
    return true;
  };
  try {
    return nlohmann::json::parse(text, check);
  } catch (const nlohmann::json::exception& error) {
    throw ConfigError(fmt::format("{}: not JSON: {}", origin, valid_utf8(error.what())));
  }
}

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

nlohmann::ordered_json number_or_null(const std::optional<double>& number) {
  return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json(nullptr);
}

}  // namespace relax_spectro::core
