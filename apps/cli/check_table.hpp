#pragma once

#include <string>

#include "check/check_report.hpp"

namespace relax_spectro::cli {

/// A table for people: a line for each result, with the values and their limits. Then the reasons
/// for changes, and how many results there are of each status.
[[nodiscard]] std::string check_table(const CheckReport& report);

}  // namespace relax_spectro::cli
