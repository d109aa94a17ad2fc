#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "evaluation/flipping.hpp"

namespace relax_spectro::cli {

/// How a map is tested by flipping, as typed.
class FlipChoice {
 public:
  void declare(CommandLine& line);

  /// The options that were typed, checked. The others are those that fit a result.
  /// @param fitting  the fill, score and reference of the result.
  /// @throws ConfigError
  [[nodiscard]] FlipOptions read(const FlipOptions& fitting) const;

 private:
  FlipOptions options_;
  std::string protocol_{to_string(options_.protocol)};
  std::optional<std::string> unit_;
  std::string cells_ = "16x20";
  std::optional<std::string> fill_;
  std::optional<std::string> score_;
};

}  // namespace relax_spectro::cli
