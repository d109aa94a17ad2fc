#include "files/json_text.hpp"

#include <fmt/format.h>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

nlohmann::json parse_json(std::string_view text, std::string_view origin, int deepest) {
  const auto refuse_depth = [origin, deepest](int depth, nlohmann::json::parse_event_t,
                                              nlohmann::json&) {
    if (depth <= deepest) return true;
    throw ConfigError(fmt::format("{}: is nested deeper than {} levels", origin, deepest));
  };
  try {
    return nlohmann::json::parse(text, refuse_depth);
  } catch (const nlohmann::json::exception& error) {
    throw ConfigError(fmt::format("{}: not JSON: {}", origin, error.what()));
  }
}

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

nlohmann::ordered_json number_or_null(const std::optional<double>& number) {
  return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json(nullptr);
}

}  // namespace relax_spectro::core
