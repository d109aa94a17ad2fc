#pragma once

#include <string>
#include <vector>

#include "cli/command_line.hpp"

namespace relax_spectro::cli {

/// An option and its value, as they would be typed.
struct OptionValue {
  std::string option;  ///< "--grid"
  std::string value;   ///< "7x7"
};

/// The `options` of a result's JSON, as they would be typed to get the same again.
/// @throws IoError  not such an object.
[[nodiscard]] std::vector<OptionValue> recorded_options(const std::string& options_json);

/// Gives options that were not typed a value. Options that are not declared are passed over.
/// @throws UsageError  a value that its option does not take.
void fill_in(CommandLine& line, const std::vector<OptionValue>& values);

}  // namespace relax_spectro::cli
