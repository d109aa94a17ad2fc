#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "files/csv_cell.hpp"

namespace relax_spectro::core {

/// The column that marks a table as made by this tool. It contains the tool's version: see
/// is_own_file.
inline constexpr std::string_view kMarkColumn = "relax_spectro";

/// Builds the fields of a row, left to right. Unknown values stay empty.
class CsvRow {
 public:
  void text(const std::string& value) { fields_.push_back(csv_cell(value)); }
  void count(std::size_t value) { fields_.push_back(fmt::format("{}", value)); }
  void count(std::optional<std::size_t> value) { value ? count(*value) : text(""); }
  void number(std::optional<double> value) {
    fields_.push_back(value ? fmt::format("{:.6g}", *value) : "");
  }
  [[nodiscard]] std::string line() const { return fmt::format("{}\n", fmt::join(fields_, ",")); }

 private:
  std::vector<std::string> fields_;
};

}  // namespace relax_spectro::core
