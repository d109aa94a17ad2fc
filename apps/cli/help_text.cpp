#include "cli/help_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

namespace relax_spectro::cli {
namespace {

constexpr std::array<std::string_view, 8> kTitles{
    "Input", "Batch", "Masks", "What is measured", "Limits", "Output", "Performance", "General"};

}  // namespace

std::string_view title_of(HelpGroup group) { return kTitles.at(static_cast<std::size_t>(group)); }

std::string help_text(const std::string& intro, const std::string& usage,
                      std::span<const OptionHelp> options, HelpDetail detail) {
  std::size_t width = 0;
  for (const OptionHelp& option : options) width = std::max(width, option.names.size());
  std::string text = fmt::format("{}\n\nUsage: {}\n", intro, usage);
  for (const std::string_view title : kTitles) {
    std::string lines;
    for (const OptionHelp& option : options) {
      if (option.group != title || (option.is_rare && detail == HelpDetail::usual)) continue;
      lines += fmt::format("  {:<{}}  {}", option.names, width, option.text);
      if (!option.default_text.empty()) lines += fmt::format(" [{}]", option.default_text);
      lines += "\n";
    }
    if (!lines.empty()) text += fmt::format("\n{}:\n{}", title, lines);
  }
  return text;
}

}  // namespace relax_spectro::cli
