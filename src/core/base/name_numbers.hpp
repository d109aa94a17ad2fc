#pragma once

#include <cstddef>
#include <map>
#include <vector>

namespace relax_spectro::core {

/// The names in order, without repeats, and the number of each from 0.
template <typename Name>
[[nodiscard]] std::map<Name, std::size_t> numbers_of(const std::vector<Name>& names) {
  std::map<Name, std::size_t> numbers;
  for (const Name& name : names) numbers.emplace(name, 0);
  std::size_t next = 0;
  for (auto& [name, number] : numbers) number = next++;
  return numbers;
}

/// The names of numbers_of.
template <typename Name>
[[nodiscard]] std::vector<Name> names_of(const std::map<Name, std::size_t>& numbers) {
  std::vector<Name> names;
  for (const auto& [name, number] : numbers) names.push_back(name);
  return names;
}

}  // namespace relax_spectro::core
