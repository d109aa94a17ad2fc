#include "files/differing_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace relax_spectro::core {
namespace {

/// The leaves of a JSON object as text, by path: "masks.grid" to "\"7x7\"".
std::map<std::string, std::string> flat_fields(const nlohmann::json& object) {
  std::map<std::string, std::string> fields;
  const nlohmann::json flat = object.flatten();
  for (const auto& [pointer, value] : flat.items()) {
    std::string name = pointer.substr(1);
    std::ranges::replace(name, '/', '.');
    fields[name] = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  return fields;
}

}  // namespace

std::vector<std::string> differing_fields(const nlohmann::json& before, const nlohmann::json& now) {
  const std::map<std::string, std::string> was = flat_fields(before);
  const std::map<std::string, std::string> is = flat_fields(now);
  std::map<std::string, std::string> all = was;
  all.insert(is.begin(), is.end());
  const auto text_in = [](const std::map<std::string, std::string>& fields,
                          const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? std::string("missing") : found->second;
  };
  std::vector<std::string> differences;
  for (const auto& [name, _] : all) {
    const std::string a = text_in(was, name);
    const std::string b = text_in(is, name);
    if (a != b) differences.push_back(fmt::format("{} is {}, now {}", name, a, b));
  }
  return differences;
}

}  // namespace relax_spectro::core
