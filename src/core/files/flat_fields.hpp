#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// The leaves of a JSON object as text, by their places: "masks.grid_asked" to "\"7x7\"".
using FlatFields = std::map<std::string, std::string>;

[[nodiscard]] FlatFields flat_fields(const nlohmann::json& object);

/// A field that is not the same in two objects.
struct FieldDifference {
  std::string name;
  std::string before;
  std::string now;
};

/// The fields that differ, by name. @param missing  the text of one that is not there.
[[nodiscard]] std::vector<FieldDifference> differing_fields(const FlatFields& before,
                                                            const FlatFields& now,
                                                            const std::string& missing);

}  // namespace relax_spectro::core
