#pragma once

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "cli/command_line.hpp"

namespace relax_spectro::cli {

/// The members of a struct that were typed. They replace those of its defaults, a preset or a
/// result. Copies share what was typed.
template <typename Struct>
class Edits {
 public:
  /// An option whose number is a member.
  /// @param member  points to the member, or returns a reference to it. It may be a std::optional.
  template <typename Member>
  Option number(CommandLine& line, const std::string& names, const Member& member,
                const std::string& help) {
    Struct defaults;
    const auto unset = [](auto& value) {
      if constexpr (requires { value.has_value(); }) {
        return value;
      } else {
        return std::optional(value);
      }
    };
    const auto typed = std::make_shared<decltype(unset(std::invoke(member, defaults)))>();
    edits_.push_back([typed, member](Struct& value) {
      if (*typed) std::invoke(member, value) = **typed;
    });
    Option option = line.option(names, typed.get(), help);
    if (const auto usual = unset(std::invoke(member, defaults)))
      option.default_text(fmt::format("{}", *usual));
    return option;
  }

  /// An option whose text becomes a member.
  /// @param parse  turns the text into the member.
  template <typename Member, typename Parse>
  Option text(CommandLine& line, const std::string& names, const Member& member, const Parse& parse,
              const std::string& help) {
    const auto typed = std::make_shared<std::optional<std::string>>();
    edits_.push_back([typed, member, parse](Struct& value) {
      if (*typed) std::invoke(member, value) = parse(**typed);
    });
    Option option = line.option(names, typed.get(), help);
    Struct defaults;
    using Target = std::remove_reference_t<decltype(std::invoke(member, defaults))>;
    if constexpr (std::is_same_v<Target, std::string>) {
      option.default_text(std::invoke(member, defaults));
    } else if constexpr (!std::is_arithmetic_v<Target> &&
                         requires { to_string(std::invoke(member, defaults)); }) {
      option.default_text(std::string(to_string(std::invoke(member, defaults))));
    }
    return option;
  }

  [[nodiscard]] Struct over(Struct value) const {
    for (const auto& edit : edits_) edit(value);
    return value;
  }

 private:
  std::vector<std::function<void(Struct&)>> edits_;
};

}  // namespace relax_spectro::cli
