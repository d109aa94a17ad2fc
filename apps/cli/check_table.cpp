#include "cli/check_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace relax_spectro::cli {
namespace {

using Row = std::vector<std::string>;

/// "0.981 (0.930)": the value and its limit.
std::string cell(const CheckedNumber& measure, std::string_view format) {
  if (!measure.value) return "-";
  std::string text = fmt::format(fmt::runtime(format), *measure.value);
  if (measure.limit) {
    const double limit = *measure.limit;
    text += fmt::format(" ({})", fmt::format(fmt::runtime(format), limit));
  }
  return text;
}

/// The change of what the model hears, "same", or "-" if no result says it.
std::string prediction_cell(const CheckedResult& result) {
  if (!result.prediction) return "-";
  return result.prediction->is_change() ? classes_text(*result.prediction) : "same";
}

Row row_of(const CheckedResult& result) {
  Row row{result.name, prediction_cell(result)};
  const MapComparison map = result.map.value_or(MapComparison{});
  row.push_back(cell(map.correlation, "{:.3f}"));
  row.push_back(cell(map.standard_errors, "{:.1f}"));
  row.push_back(cell(map.shift_s, "{:.3f}"));
  row.push_back(cell(map.shift_hz, "{:.0f}"));
  row.push_back(cell(result.flip.value_or(CheckedNumber{}), "{:.3g}"));
  row.emplace_back(to_string(result.status));
  return row;
}

/// The number of characters. Bytes that continue one begin with the bits 10.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string laid_out(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string counts_of(const CheckReport& report) {
  std::string text;
  for (const CheckStatus status :
       {CheckStatus::same, CheckStatus::changed, CheckStatus::other, CheckStatus::missing,
        CheckStatus::added, CheckStatus::unreadable}) {
    const std::size_t count = report.count(status);
    if (count > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, to_string(status));
  }
  return text;
}

}  // namespace

std::string check_table(const CheckReport& report) {
  std::vector<Row> rows{{"result (limit)", "best class", "correlation", "largest difference, SE",
                         "centre, s", "centre, Hz", "faithfulness", "status"}};
  for (const CheckedResult& result : report.results) rows.push_back(row_of(result));
  std::string text = laid_out(rows);
  for (const CheckedResult& result : report.results) {
    for (const std::string& reason : result.reasons) {
      text += fmt::format("{}: {}: {}\n", result.name, to_string(result.status), reason);
    }
    for (const std::string& note : result.notes) {
      text += fmt::format("{}: note: {}\n", result.name, note);
    }
  }
  const std::size_t count = report.results.size();
  return text + fmt::format("{} ({} result{}): {}\n", report.passes() ? "passed" : "FAILED", count,
                            count == 1 ? "" : "s", counts_of(report));
}

}  // namespace relax_spectro::cli
