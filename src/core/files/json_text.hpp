#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace relax_spectro::core {

/// How many levels a model card may have. Writing and destroying JSON takes stack by the level.
inline constexpr int kDeepestCard = 64;

/// Reads JSON text. `origin` names it in errors.
/// @throws ConfigError  not JSON, or nested deeper than `deepest` levels.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, std::string_view origin,
                                        int deepest = kDeepestCard);

/// Writes JSON for people and programs. Bytes that are not UTF-8, as file names may hold, become
/// U+FFFD: a result is never lost over a name.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json);

/// What is not known is null.
[[nodiscard]] nlohmann::ordered_json number_or_null(const std::optional<double>& number);

}  // namespace relax_spectro::core
