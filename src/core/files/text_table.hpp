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

/// How the fields of a table are kept apart.
struct FieldSeparators {
  std::string between = ",";
  std::string quotes = "\"";  ///< empty: a quote is text
};

/// The columns of a table, found by name. The case of letters does not count, and "_" is " ".
class TableHeader {
 public:
  TableHeader() = default;
  explicit TableHeader(TableFields names);

  [[nodiscard]] bool has(const std::string& name) const { return column(name).has_value(); }
  [[nodiscard]] bool has_any_of(const TableFields& candidates) const;
  /// The column's number.
  [[nodiscard]] std::optional<std::size_t> column(const std::string& name) const;
  [[nodiscard]] const TableFields& names() const { return names_; }

 private:
  TableFields names_;
  std::map<std::string, std::size_t> columns_;
};

class TextTable;

/// One line of a table below its header.
class TableLine {
 public:
  /// @throws IoError  it has more fields than the header, empty ones at its end not counted.
  TableLine(const TextTable& table, const TablePlace& place, TableFields fields);

  /// Empty where the column is not there, or the line too short to reach it.
  [[nodiscard]] std::string text(const std::string& column) const;
  /// That of the first of some columns that is not empty.
  [[nodiscard]] std::string text_of_any(const TableFields& columns) const;
  /// A number of 0 or more; `otherwise` where there is none, if that may be. Where the separator is
  /// not a comma, its decimal point may be one. @throws IoError
  [[nodiscard]] double number(const std::string& column, std::optional<double> otherwise) const;
  [[nodiscard]] const TablePlace& place() const { return place_; }

 private:
  const TextTable& table_;
  TablePlace place_;
  TableFields fields_;
};

/// A table in a text file: a line of column names and a line for each row. The header says what
/// keeps fields apart: commas, semicolons or tabs, of which it has the most. Fields may be quoted,
/// a quote within them doubled (RFC 4180). In a table with tabs, quotes are text, unless the header
/// has them.
class TextTable {
 public:
  /// @param without_header  what the columns are where the first line begins with a number and
  ///                        tabs keep fields apart: then there is no header.
  /// @throws IoError  as lines_of; or a quote of the header is not closed.
  explicit TextTable(std::filesystem::path path, const TableFields& without_header = {});

  [[nodiscard]] const TableHeader& header() const { return header_; }
  [[nodiscard]] const FieldSeparators& separators() const { return separators_; }
  /// @throws IoError
  [[noreturn]] void fail_at_header(const std::string& what) const;

  /// Gives all lines below the header to `take`, but those without a field that is not empty. What
  /// it gets lives until it returns. @throws IoError
  void for_each_line(const std::function<void(const TableLine&)>& take) const;

 private:
  [[nodiscard]] TableFields split(const std::string& line, const TablePlace& place) const;

  std::filesystem::path path_;
  std::vector<std::string> lines_;
  std::size_t header_line_ = 1;
  FieldSeparators separators_;
  TableHeader header_;
};

/// The lines of a text file in UTF-8, without what marks the ends of lines and the start of a text;
/// one at least. UTF-16 with a mark at its start is read as well, and a line that is not UTF-8 is
/// taken for Windows-1252.
/// @throws IoError  it cannot be read, or is not a text.
[[nodiscard]] std::vector<std::string> lines_of(const std::filesystem::path& path);

}  // namespace relax_spectro::core
