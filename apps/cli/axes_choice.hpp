#pragma once

#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "masks/mask_axes.hpp"

namespace relax_spectro::cli {

/// What masks are to lie over: so many bins, or a window of a model.
struct AxesChoice {
  std::optional<std::string> shape;
  std::optional<std::string> model;

  void declare(CommandLine& line);  ///< --shape, --model
  /// Reads the model's card, where one is named; the model itself is not loaded.
  /// @throws ConfigError  neither is given, or the shape has other bands than the model.
  [[nodiscard]] MaskAxes read() const;
};

}  // namespace relax_spectro::cli
