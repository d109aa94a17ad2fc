#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/help_text.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace relax_spectro::cli {

/// The options do not take what was typed.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where the value of an option goes. The value it already has is the default, for --help.
using OptionValuePointer =
    std::variant<std::string*, std::filesystem::path*, int*, std::size_t*, double*,
                 std::optional<std::string>*, std::optional<std::filesystem::path>*,
                 std::optional<int>*, std::optional<std::size_t>*, std::optional<double>*,
                 std::vector<std::string>*, std::vector<std::filesystem::path>*>;

/// A declared option, to be refined.
class Option {
 public:
  Option(CLI::Option* option, std::set<const CLI::Option*>& rare) : option_(option), rare_(&rare) {}

  Option& type_name(const std::string& name);  ///< what --help calls its value
  Option& help(const std::string& text);
  Option& default_text(const std::string& text);  ///< the default, as --help shows it
  Option& rare();                                 ///< --help leaves it out, --help-all shows it
  Option& required(bool is_required = true);
  Option& needs(const std::string& other);     ///< only with another option
  Option& excludes(const std::string& other);  ///< only without another option
  Option& delimiter(char between_values);
  /// Takes one of some values. The error of another value names the nearest.
  Option& one_of(std::vector<std::string> values);
  /// Takes decimal whole numbers only. CLI11 alone reads -1 as 2^64 - 1 and 010 as 8.
  Option& whole_number(std::uint64_t low = 0, std::uint64_t high = UINT64_MAX);
  Option& auto_or_whole_number();

 private:
  CLI::Option* option_;
  std::set<const CLI::Option*>* rare_;
};

/// The options of a stage, and the values that were typed.
///
/// Note [Why stages do not see CLI11]
/// Its header takes some ten seconds to compile. Only one file includes it.
class CommandLine {
 public:
  /// @param intro  what --help begins with.
  /// @param name   of the program.
  explicit CommandLine(const std::string& intro = "", const std::string& name = "");
  ~CommandLine();

  /// Options that are declared from here on belong to this group of --help.
  void group(HelpGroup group);
  /// @param names  "-o,--output"; a name without dashes is a value by its position.
  Option option(const std::string& names, OptionValuePointer value, const std::string& help = "");
  Option option(const std::string& names, const std::function<void(const std::string& text)>& take,
                const std::string& help);
  Option flag(const std::string& names, bool* value, const std::string& help);
  Option flag(const std::string& names, std::function<void()> take, const std::string& help);
  /// A declared option.
  [[nodiscard]] Option at(const std::string& name);
  void remove(const std::string& name);

  /// Reads the values that were typed. @returns  false: it printed --help or --version instead.
  /// @throws UsageError
  [[nodiscard]] bool parse(int argc, const char* const* argv);
  /// Whether an option was typed.
  [[nodiscard]] bool has(const std::string& name) const;
  /// The values of all options, except those named.
  [[nodiscard]] std::vector<std::string> values_but_of(
      std::initializer_list<std::string_view> names) const;

 private:
  [[nodiscard]] std::string help(const std::string& intro, HelpDetail detail) const;

  std::unique_ptr<CLI::App> app_;
  std::set<const CLI::Option*> rare_;
};

}  // namespace relax_spectro::cli
