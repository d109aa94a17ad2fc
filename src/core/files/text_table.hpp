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

/// A line of a file, for errors.
struct TablePlace {
  const std::filesystem::path& path;
  std::size_t line;

  /// @throws IoError
  [[noreturn]] void fail(const std::string& what) const;
};

/// What separates the fields of a table.
struct FieldSeparators {
  std::string between = ",";
  std::string quotes = "\"";  ///< empty: a quote is an ordinary character
};

/// The columns of a table, found by name. Case does not matter, and "_" equals " ".
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

/// One line below the header of a table.
class TableLine {
 public:
  /// @throws IoError  the line has more fields than the header. Empty fields at its end do not
  ///                  count.
  TableLine(const TextTable& table, const TablePlace& place, TableFields fields);

  /// Empty if the column does not exist or the line is too short.
  [[nodiscard]] std::string text(const std::string& column) const;
  /// The text of the first of these columns that is not empty.
  [[nodiscard]] std::string text_of_any(const TableFields& columns) const;
  /// A number of 0 or more. Returns `otherwise` for an empty field, if given. If the separator is
  /// not a comma, a decimal comma is accepted.
  /// @throws IoError
  [[nodiscard]] double number(const std::string& column, std::optional<double> otherwise) const;
  [[nodiscard]] const TablePlace& place() const { return place_; }

 private:
  const TextTable& table_;
  TablePlace place_;
  TableFields fields_;
};

/// A table in a text file: a line of column names, then one line for each row. The separator is the
/// most frequent of comma, semicolon and tab in the header. Fields may be quoted, with quotes
/// inside them doubled (RFC 4180). With tabs as separators, quotes are ordinary characters unless
/// the header uses them.
class TextTable {
 public:
  /// @param without_header  the columns of a table without a header. It has none if tabs separate
  ///                        its fields and the first line begins with a number.
  /// @throws IoError  as lines_of, or a quote in the header is not closed.
  explicit TextTable(std::filesystem::path path, const TableFields& without_header = {});

  [[nodiscard]] const TableHeader& header() const { return header_; }
  [[nodiscard]] const FieldSeparators& separators() const { return separators_; }
  /// @throws IoError
  [[noreturn]] void fail_at_header(const std::string& what) const;

  /// Calls `take` for each line below the header that has a non-empty field. The line is valid only
  /// during the call.
  /// @throws IoError
  void for_each_line(const std::function<void(const TableLine&)>& take) const;

 private:
  [[nodiscard]] TableFields split(const std::string& line, const TablePlace& place) const;

  std::filesystem::path path_;
  std::vector<std::string> lines_;
  std::size_t header_line_ = 1;
  FieldSeparators separators_;
  TableHeader header_;
};

/// The lines of a text file as UTF-8, without line endings and byte order mark; at least one.
/// UTF-16 with a byte order mark is converted. A line that is not UTF-8 is read as Windows-1252.
/// @throws IoError  the file cannot be read, or is not text.
[[nodiscard]] std::vector<std::string> lines_of(const std::filesystem::path& path);

}  // namespace relax_spectro::core
