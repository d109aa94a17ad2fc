#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// The leaves of a JSON object as text, by their places: "masks.grid" to "\"7x7\"".
[[nodiscard]] std::map<std::string, std::string> flat_fields(const nlohmann::json& object);

/// The fields that two objects do not have in common, in words: "masks.seed is 1, now 0".
[[nodiscard]] std::vector<std::string> differing_fields(const nlohmann::json& before,
                                                        const nlohmann::json& now);

}  // namespace relax_spectro::core
