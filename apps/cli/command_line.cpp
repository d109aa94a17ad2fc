#include "cli/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/nearest.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro::cli {
namespace {

/// What is wrong with a text that is to be a whole number; empty: nothing.
std::string whole_number_error(std::string& text, std::uint64_t low, std::uint64_t high) {
  std::uint64_t number = 0;
  const char* text_end = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), text_end, number);
  if (error != std::errc() || end != text_end || number < low || number > high) {
    return fmt::format("'{}' is not a whole number from {} to {}", text, low, high);
  }
  text = std::to_string(number);  // without leading zeros, which CLI11 takes for octal
  return "";
}

/// CLI11's own words, and of an option that the stage does not have, the nearest one.
std::string what_is_wrong(const CLI::App& app, const CLI::ParseError& error) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  std::string text = error.what();
  for (const std::string& extra : app.remaining()) {
    if (extra.starts_with("--")) text += did_you_mean(extra, names);
  }
  return text;
}

template <typename Value>
CLI::Option* add_option(CLI::App& app, const std::string& names, Value& value,
                        const std::string& help) {
  CLI::Option* option = app.add_option(names, value, help);
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
  const std::string list = fmt::format("{{{}}}", CLI::detail::join(values, ","));
  const auto check = [values = std::move(values)](const std::string& typed) {
    return std::ranges::count(values, typed) > 0 ? std::string()
                                                 : unknown_name("value", typed, values);
  };
  option_->check(CLI::Validator(check, list));
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

CommandLine::CommandLine(const std::string& description, const std::string& name)
    : app_(std::make_unique<CLI::App>(description, name)) {
  app_->set_version_flag("--version", fmt::format("relax-spectro {}", version_and_commit()));
}

CommandLine::~CommandLine() = default;

Option CommandLine::option(const std::string& names, OptionValuePointer value,
                           const std::string& help) {
  return Option(
      std::visit([&](auto* pointer) { return add_option(*app_, names, *pointer, help); }, value));
}

Option CommandLine::option(const std::string& names,
                           std::function<void(const std::string& text)> take,
                           const std::string& help) {
  return Option(app_->add_option_function<std::string>(names, std::move(take), help));
}

void CommandLine::flag(const std::string& names, bool* value, const std::string& help) {
  app_->add_flag(names, *value, help);
}

void CommandLine::flag(const std::string& names, std::function<void()> take,
                       const std::string& help) {
  app_->add_flag_callback(names, std::move(take), help);
}

Option CommandLine::at(const std::string& name) { return Option(app_->get_option(name)); }

void CommandLine::remove(const std::string& name) { app_->remove_option(app_->get_option(name)); }

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
