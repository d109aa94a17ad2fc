#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// Describes each field in which two objects differ: "masks.seed is 1, now 0".
[[nodiscard]] std::vector<std::string> differing_fields(const nlohmann::json& before,
                                                        const nlohmann::json& now);

}  // namespace relax_spectro::core
