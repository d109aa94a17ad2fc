#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/nearest.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

/// The one table of an enumeration's names in options, cards and results.
template <typename Enum, std::size_t count>
struct EnumNames {
  std::string_view what;  ///< what the enumeration names, for errors: "fill"
  std::array<std::pair<Enum, std::string_view>, count> names;

  /// @param also  one more valid name, which the caller handles. Errors list it.
  [[nodiscard]] Enum parse(std::string_view name, std::string_view also = {}) const {
    std::vector<std::string_view> known;
    for (const auto& [value, value_name] : names) {
      if (value_name == name) return value;
      known.push_back(value_name);
    }
    if (!also.empty()) known.push_back(also);
    throw ConfigError(unknown_name(what, name, known));
  }

  [[nodiscard]] std::string_view name_of(Enum wanted) const {
    for (const auto& [value, value_name] : names) {
      if (value == wanted) return value_name;
    }
    throw ConfigError(fmt::format("{} has no name for value {}", what, static_cast<int>(wanted)));
  }
};

template <typename Enum, std::size_t count>
EnumNames(std::string_view, std::array<std::pair<Enum, std::string_view>, count>)
    -> EnumNames<Enum, count>;

}  // namespace relax_spectro::core
