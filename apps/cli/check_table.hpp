#pragma once

#include <string>

#include "check/check_report.hpp"

namespace relax_spectro::cli {

/// A table for people: a line for each result, what was measured of it with its limit, and why it
/// is not the same; then how many there were of each kind.
[[nodiscard]] std::string check_table(const CheckReport& report);

}  // namespace relax_spectro::cli
