#pragma once

#include <span>
#include <string>
#include <string_view>

namespace relax_spectro::cli {

/// The groups of --help, in their order. They have the same names in all stages.
enum class HelpGroup { input, batch, masks, measured, limits, output, performance, general };

[[nodiscard]] std::string_view title_of(HelpGroup group);

enum class HelpDetail { usual, all };

/// The help of one option.
struct OptionHelp {
  std::string group;
  std::string names;         ///< "-o, --output PATH"
  std::string text;          ///< what it does
  std::string default_text;  ///< may be empty
  bool is_rare = false;      ///< in --help-all only
};

/// The whole of --help: an introduction, the usage, and one line for each option, by groups.
[[nodiscard]] std::string help_text(const std::string& intro, const std::string& usage,
                                    std::span<const OptionHelp> options, HelpDetail detail);

}  // namespace relax_spectro::cli
