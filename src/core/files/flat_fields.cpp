#include "files/flat_fields.hpp"

#include <algorithm>

namespace relax_spectro::core {

FlatFields flat_fields(const nlohmann::json& object) {
  FlatFields fields;
  const nlohmann::json flat = object.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    std::string name = pointer.substr(1);
    std::ranges::replace(name, '/', '.');
    fields[name] = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  return fields;
}

std::vector<FieldDifference> differing_fields(const FlatFields& before, const FlatFields& now,
                                              const std::string& missing) {
  FlatFields all = before;
  all.insert(now.begin(), now.end());
  const auto text_in = [&missing](const FlatFields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? missing : found->second;
  };
  std::vector<FieldDifference> differences;
  for (const auto& [name, value] : all) {
    FieldDifference field{name, text_in(before, name), text_in(now, name)};
    if (field.before != field.now) differences.push_back(std::move(field));
  }
  return differences;
}

}  // namespace relax_spectro::core
