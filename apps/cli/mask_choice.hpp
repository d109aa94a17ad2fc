#pragma once

#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "cli/edits.hpp"
#include "relax_spectro/masks/mask_options.hpp"

namespace relax_spectro::cli {

/// Which masks: their family, shape and number.
struct MaskChoice {
  void declare(CommandLine& line);
  /// What was typed, or else the other options. @throws ConfigError
  [[nodiscard]] MaskOptions read(const MaskOptions& over = {}) const;

 private:
  Edits<MaskOptions> typed_;
  std::optional<std::string> windows_;
  std::optional<std::string> strides_;
};

}  // namespace relax_spectro::cli
