#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/recorded_options.hpp"

namespace relax_spectro::cli {

/// The settings of a published method, as they would be typed.
struct Preset {
  std::string name;
  std::string reproduces;  ///< for --help
  std::vector<OptionValue> values;
};

[[nodiscard]] const std::vector<Preset>& presets();

/// @throws ConfigError  no such preset; the message lists those there are.
[[nodiscard]] const Preset& find_preset(const std::string& name);

/// Declares --preset.
void declare_preset(CommandLine& line, std::optional<std::string>& name);

}  // namespace relax_spectro::cli
