#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "check/result_check.hpp"

namespace relax_spectro {

/// A whole check: what was compared, and the outcome.
struct CheckReport {
  std::filesystem::path baseline;
  std::filesystem::path current;
  std::string command_line;
  CheckOptions options;
  std::vector<CheckedResult> results;

  [[nodiscard]] std::size_t count(CheckStatus status) const;
  /// Whether every result of the baseline is present, readable, and the same except for noise.
  [[nodiscard]] bool passes() const;
};

/// The report for programs (data/FORMAT.md).
[[nodiscard]] std::string check_json(const CheckReport& report);

/// The report as JUnit XML for CI services, with a test case for each result.
[[nodiscard]] std::string check_junit(const CheckReport& report);

}  // namespace relax_spectro
