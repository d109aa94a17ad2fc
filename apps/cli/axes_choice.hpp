#pragma once

#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "masks/mask_axes.hpp"

namespace relax_spectro::cli {

/// What masks lie over: a number of bins, or a window of a model.
struct AxesChoice {
  std::optional<std::string> shape;
  std::optional<std::string> model;

  void declare(CommandLine& line);  ///< --shape, --model
  /// Reads the model's card, if a model is named. Does not load the model.
  /// @throws ConfigError  neither is given, or the shape has other bands than the model.
  [[nodiscard]] MaskAxes read() const;
};

}  // namespace relax_spectro::cli
