#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace relax_spectro::cli {

/// What was typed is not what the options take.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Where the value of an option goes. What is there already is the default, for --help.
using OptionValuePointer =
    std::variant<std::string*, std::filesystem::path*, int*, std::size_t*, double*,
                 std::optional<std::string>*, std::optional<std::filesystem::path>*,
                 std::optional<int>*, std::optional<std::size_t>*, std::optional<double>*,
                 std::vector<std::string>*, std::vector<std::filesystem::path>*>;

/// An option that is declared, to be refined.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  Option& type_name(const std::string& name);  ///< what --help calls its value
  Option& help(const std::string& text);
  Option& default_text(const std::string& text);  ///< what --help says instead of the value
  Option& required(bool is_required = true);
  Option& needs(const std::string& other);     ///< only with another option
  Option& excludes(const std::string& other);  ///< only without another option
  Option& delimiter(char between_values);
  /// Takes one of some values, and tells the nearest where another is typed.
  Option& one_of(std::vector<std::string> values);
  /// Takes decimal whole numbers only. CLI11 alone reads -1 as 2^64 - 1 and 010 as 8.
  Option& whole_number(std::uint64_t low = 0, std::uint64_t high = UINT64_MAX);
  Option& auto_or_whole_number();

 private:
  CLI::Option* option_;
};

/// The options of a stage, and what was typed of them.
///
/// Note [Why stages do not see CLI11]
/// Its header costs some ten seconds in every file that includes it, so that one file does.
class CommandLine {
 public:
  /// @param name  of the program, and `description` of what it does, for --help.
  explicit CommandLine(const std::string& description = "", const std::string& name = "");
  ~CommandLine();

  /// @param names  "-o,--output"; without dashes a value by its position.
  Option option(const std::string& names, OptionValuePointer value, const std::string& help = "");
  Option option(const std::string& names, std::function<void(const std::string& text)> take,
                const std::string& help);
  void flag(const std::string& names, bool* value, const std::string& help);
  void flag(const std::string& names, std::function<void()> take, const std::string& help);
  /// An option that was declared.
  [[nodiscard]] Option at(const std::string& name);
  void remove(const std::string& name);

  /// Takes what was typed. @returns  false: --help or --version were asked for, and are printed.
  /// @throws UsageError
  [[nodiscard]] bool parse(int argc, const char* const* argv);
  /// Whether an option was typed.
  [[nodiscard]] bool has(const std::string& name) const;
  /// All values that options have but those of some.
  [[nodiscard]] std::vector<std::string> values_but_of(
      std::initializer_list<std::string_view> names) const;

 private:
  std::unique_ptr<CLI::App> app_;
};

}  // namespace relax_spectro::cli
