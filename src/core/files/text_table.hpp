#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// The fields of a line.
using TableFields = std::vector<std::string>;

/// Where an error is: in a line of a file.
struct TablePlace {
  const std::filesystem::path& path;
  std::size_t line;

  /// @throws IoError
  [[noreturn]] void fail(const std::string& what) const;
};

/// How the fields of a line are kept apart; as CSV does, unless said otherwise.
struct FieldSeparators {
  std::string between = ",";
  std::string quotes = "\"";
};

/// Splits a line into its fields. Fields may be quoted, a quote within them doubled (RFC 4180).
/// @throws IoError  a quote is not closed.
[[nodiscard]] TableFields split_fields(std::string line, const FieldSeparators& separators,
                                       const TablePlace& place);

/// The columns of a table, found by name, whatever the case of its letters.
class TableHeader {
 public:
  explicit TableHeader(const TableFields& names);

  [[nodiscard]] bool has(const std::string& name) const;
  /// The column's number. @pre it is there.
  [[nodiscard]] std::size_t at(const std::string& name) const;
  /// The first of some names that is there.
  [[nodiscard]] std::optional<std::string> any_of(const TableFields& candidates) const;
  [[nodiscard]] const TableFields& names() const { return names_; }

 private:
  TableFields names_;
  std::map<std::string, std::size_t> columns_;
};

/// One line of a table.
class TableLine {
 public:
  /// @throws IoError  it has more fields than the header.
  TableLine(const TableHeader& header, const TablePlace& place, TableFields fields);

  /// Empty where the column is not there, or the line too short to reach it.
  [[nodiscard]] std::string text(const std::string& column) const;
  /// A number of 0 or more; `otherwise` where there is none, if that may be. @throws IoError
  [[nodiscard]] double number(const std::string& column, std::optional<double> otherwise) const;
  [[nodiscard]] const TablePlace& place() const { return place_; }

 private:
  const TableHeader& header_;
  const TablePlace& place_;
  TableFields fields_;
};

/// Gives all lines of a table below its header, but empty ones, to `take`. What it gets lives until
/// it returns. @throws IoError
void for_each_line(const std::filesystem::path& path, const std::vector<std::string>& lines,
                   const TableHeader& header, const FieldSeparators& separators,
                   const std::function<void(const TableLine&)>& take);

/// The lines of a text file, without what marks the ends of lines and the start of UTF-8; one at
/// least. @throws IoError
[[nodiscard]] std::vector<std::string> lines_of(const std::filesystem::path& path);

}  // namespace relax_spectro::core
