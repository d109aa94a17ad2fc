#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <type_traits>
#include <utility>

#include "base/nearest.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro::cli {
namespace {

/// Why a text is not a whole number in a range; empty: it is one.
std::string whole_number_error(std::string& text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t number = 0;
  const char* text_end = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), text_end, number);
  if (error != std::errc() || end != text_end || number < low || number > high) {
    return fmt::format("'{}' is not a whole number from {} to {}", text, low, high);
  }
  text = std::to_string(number);  // CLI11 takes leading zeros for octal
  return "";
}

/// Why a text is not a number; empty: it is one.
template <typename Number>
std::string number_error(const std::string& text) {
  Number number{};
  const char* text_end = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), text_end, number);
  if (error == std::errc() && end == text_end) return "";
  return fmt::format("'{}' is not a {}number", text, std::is_integral_v<Number> ? "whole " : "");
}

/// CLI11's message, in plain words.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error) {
  std::string text = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    const bool none = text.ends_with("missing");
    return text.substr(0, text.find(':')) + (none ? " needs a value" : " takes one value only");
  }
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return text;
  const std::string extra = app.remaining().front();
  if (!extra.starts_with("-")) return fmt::format("unexpected argument '{}'", extra);
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return fmt::format("{} is not an option of this stage{}", extra, did_you_mean(extra, names));
}

/// "-o, --output PATH", "FILE...": without aliases.
std::string names_for_help(const CLI::Option& option) {
  std::string text;
  if (option.get_positional()) text = option.get_name(true);
  for (const std::string& name : option.get_snames()) text = fmt::format("-{}, ", name);
  if (option.nonpositional()) text += "--" + option.get_lnames().front();
  if (option.nonpositional() && option.get_type_size() > 0) text += " " + option.get_type_name();
  const bool is_list = option.get_expected_max() >= CLI::detail::expected_max_vector_size;
  return is_list && option.get_positional() ? text + "..." : text;
}

template <typename Value>
constexpr bool kIsReal =
    std::is_same_v<Value, double> || std::is_same_v<Value, std::optional<double>>;
template <typename Value>
constexpr bool kIsWhole = std::is_integral_v<Value> || std::is_same_v<Value, std::optional<int>> ||
                          std::is_same_v<Value, std::optional<std::size_t>>;

template <typename Value>
CLI::Option* add_option(CLI::App& app, const std::string& names, Value& value,
                        const std::string& help) {
  CLI::Option* option = app.add_option(names, value, help);
  if constexpr (kIsReal<Value>) {
    option->type_name("N")->check(CLI::Validator(number_error<double>, ""));
  } else if constexpr (kIsWhole<Value>) {
    option->type_name("N")->check(CLI::Validator(number_error<std::int64_t>, ""));
  }
  if constexpr (requires { value.empty(); }) {
    return value.empty() ? option : option->capture_default_str();
  } else if constexpr (requires { value.has_value(); }) {
    return option;
  } else {
    return option->capture_default_str();
  }
}

}  // namespace

Option& Option::type_name(const std::string& name) {
  option_->type_name(name);
  return *this;
}

Option& Option::help(const std::string& text) {
  option_->description(text);
  return *this;
}

Option& Option::default_text(const std::string& text) {
  option_->default_str(text);
  return *this;
}

Option& Option::rare() {
  rare_->insert(option_);
  return *this;
}

Option& Option::required(bool is_required) {
  option_->required(is_required);
  return *this;
}

Option& Option::needs(const std::string& other) {
  option_->needs(other);
  return *this;
}

Option& Option::excludes(const std::string& other) {
  option_->excludes(other);
  return *this;
}

Option& Option::delimiter(char between_values) {
  option_->delimiter(between_values);
  return *this;
}

Option& Option::one_of(std::vector<std::string> values) {
  const auto check = [values = std::move(values)](const std::string& typed) {
    return std::ranges::count(values, typed) > 0 ? std::string()
                                                 : unknown_name("value", typed, values);
  };
  option_->check(CLI::Validator(check, ""));
  return *this;
}

Option& Option::whole_number(std::uint64_t low, std::uint64_t high) {
  const auto check = [low, high](std::string& text) { return whole_number_error(text, low, high); };
  option_->transform(CLI::Validator(check, ""));
  return *this;
}

Option& Option::auto_or_whole_number() {
  const auto check = [](std::string& text) {
    if (text == "auto" || whole_number_error(text, 0, UINT64_MAX).empty()) return std::string();
    return fmt::format("'{}' is neither auto nor a whole number", text);
  };
  option_->transform(CLI::Validator(check, ""));
  return *this;
}

CommandLine::CommandLine(const std::string& intro, const std::string& name)
    : app_(std::make_unique<CLI::App>("", name)) {
  group(HelpGroup::general);
  app_->set_help_flag("-h,--help", "Print the most used options");
  app_->set_help_all_flag("--help-all", "Print all options");
  app_->set_version_flag("--version", fmt::format("relax-spectro {}", version_and_commit()),
                         "Print the version");
  app_->formatter_fn([this, intro](const CLI::App*, const std::string&, CLI::AppFormatMode mode) {
    return help(intro, mode == CLI::AppFormatMode::All ? HelpDetail::all : HelpDetail::usual);
  });
}

CommandLine::~CommandLine() = default;

void CommandLine::group(HelpGroup group) {
  app_->option_defaults()->group(std::string(title_of(group)));
}

Option CommandLine::option(const std::string& names, OptionValuePointer value,
                           const std::string& help) {
  return {
      std::visit([&](auto* pointer) { return add_option(*app_, names, *pointer, help); }, value),
      rare_};
}

Option CommandLine::option(const std::string& names,
                           const std::function<void(const std::string& text)>& take,
                           const std::string& help) {
  return {app_->add_option_function<std::string>(names, take, help), rare_};
}

Option CommandLine::flag(const std::string& names, bool* value, const std::string& help) {
  return {app_->add_flag(names, *value, help), rare_};
}

Option CommandLine::flag(const std::string& names, std::function<void()> take,
                         const std::string& help) {
  return {app_->add_flag_callback(names, std::move(take), help), rare_};
}

Option CommandLine::at(const std::string& name) { return {app_->get_option(name), rare_}; }

void CommandLine::remove(const std::string& name) {
  CLI::Option* option = app_->get_option(name);
  rare_.erase(option);  // the next option may get its address
  app_->remove_option(option);
}

std::string CommandLine::help(const std::string& intro, HelpDetail detail) const {
  std::string usage = app_->get_name() + " [OPTIONS]";
  std::vector<OptionHelp> options;
  for (const CLI::Option* option : std::as_const(*app_).get_options()) {
    const std::string names = names_for_help(*option);
    if (option->get_positional()) usage += " " + names;
    options.push_back({option->get_group(), names, option->get_description(),
                       option->get_default_str(), rare_.contains(option)});
  }
  return help_text(intro, usage, options, detail);
}

bool CommandLine::parse(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
    return true;
  } catch (const CLI::Success& wanted) {
    app_->exit(wanted);
    return false;
  } catch (const CLI::ParseError& error) {
    throw UsageError(what_is_wrong(*app_, error));
  }
}

bool CommandLine::has(const std::string& name) const {
  const CLI::Option* option = app_->get_option_no_throw(name);
  return option != nullptr && option->count() > 0;
}

std::vector<std::string> CommandLine::values_but_of(
    std::initializer_list<std::string_view> names) const {
  std::vector<std::string> values;
  for (const CLI::Option* option : std::as_const(*app_).get_options()) {
    if (std::ranges::count(names, option->get_name()) > 0) continue;
    for (const std::string& value : option->results()) values.push_back(value);
  }
  return values;
}

}  // namespace relax_spectro::cli
