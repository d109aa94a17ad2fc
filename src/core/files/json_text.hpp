#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace relax_spectro::core {

/// The deepest nesting allowed in a model card. Writing and destroying JSON is recursive, so deep
/// nesting could overflow the stack.
inline constexpr int kDeepestCard = 64;

/// Reads JSON text. `origin` names it in errors.
/// @throws ConfigError  the text is not JSON, is nested deeper than `deepest` levels, or has a name
///                      twice in an object.
[[nodiscard]] nlohmann::json parse_json(std::string_view text, std::string_view origin,
                                        int deepest = kDeepestCard);

/// Writes JSON for people and programs. Bytes that are not UTF-8, which file names may contain,
/// become U+FFFD, so that no file name can prevent a result from being written.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json);

/// An unknown number is null.
[[nodiscard]] nlohmann::ordered_json number_or_null(const std::optional<double>& number);

}  // namespace relax_spectro::core
