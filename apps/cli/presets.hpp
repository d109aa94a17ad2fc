#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro::cli {

/// The settings of a published method.
struct Preset {
  std::string name;
  ExplainOptions options;
};

[[nodiscard]] const std::vector<Preset>& presets();

/// @throws ConfigError  there is no such preset. The message lists all.
[[nodiscard]] const Preset& find_preset(const std::string& name);

/// Declares --preset.
void declare_preset(CommandLine& line, std::optional<std::string>& name);

}  // namespace relax_spectro::cli
