#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace relax_spectro {

/// What a table says of one recording.
struct RecordingLabel {
  std::string file;                           ///< as the table names it
  std::string label;                          ///< what it is; empty if unknown
  std::string group;                          ///< recordings of one group must not straddle a split
  std::string fold;                           ///< the part of a cross-validation that tests it
  std::string split;                          ///< "train" or "test"
  double weight = 1.0;                        ///< in a fit
  std::map<std::string, std::string> slices;  ///< all other columns, by name
  std::size_t line = 0;                       ///< in the table; the header is line 1
};

/// Which columns of a table count. Others are slices.
enum class LabelColumns {
  all,             ///< file and label, and optionally group, fold, split and weight
  file_and_label,  ///< file, and optionally label
};

/// A table of labels, with one line for each recording.
class LabelsTable {
 public:
  /// `file` and `label` have other names too (core::kRecordingColumns). `group`, `fold`, `split` and
  /// `weight` must be in all lines or in none.
  /// @throws IoError  a line is not valid, or the table has no line. The message names the line.
  explicit LabelsTable(std::filesystem::path path, LabelColumns columns = LabelColumns::all);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::span<const RecordingLabel> rows() const { return rows_; }
  /// Whether the table has this column.
  [[nodiscard]] bool has(const std::string& column) const;

  /// The rows of recordings: the row with the same path, or else the only one with the same file
  /// name. Rows of other recordings are left out.
  /// @throws IoError      recordings have no row or several, or two recordings have the same row. The
  ///                      message has the first ten.
  /// @throws ConfigError  a recording is given twice.
  [[nodiscard]] std::vector<RecordingLabel> of(std::span<const std::string> recordings) const;

 private:
  std::filesystem::path path_;
  std::vector<std::string> columns_;
  std::vector<RecordingLabel> rows_;
};

}  // namespace relax_spectro
