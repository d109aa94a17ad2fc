#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "check/result_check.hpp"

namespace relax_spectro {

/// A whole check: what was compared, and what became of it.
struct CheckReport {
  std::filesystem::path baseline;
  std::filesystem::path current;
  std::string command_line;
  CheckOptions options;
  std::vector<CheckedResult> results;

  [[nodiscard]] std::size_t count(CheckStatus status) const;
  /// Every result of the baseline is there, could be read, and is the same but for noise.
  [[nodiscard]] bool passes() const;
};

/// The report for programs, as data/FORMAT.md describes it.
[[nodiscard]] std::string check_json(const CheckReport& report);

/// The report as JUnit XML, which CI services show: a test case for each result.
[[nodiscard]] std::string check_junit(const CheckReport& report);

}  // namespace relax_spectro
