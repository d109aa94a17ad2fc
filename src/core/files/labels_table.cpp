#include "files/labels_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "files/table_columns.hpp"
#include "files/text_table.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

const core::TableFields kOwnColumns{"group", "fold", "split", "weight"};

bool is_slice(const std::string& column, LabelColumns columns) {
  const auto names = [&column](const std::string& known) {
    return core::lower_case(known) == core::lower_case(column);
  };
  const bool is_own = columns == LabelColumns::all && std::ranges::any_of(kOwnColumns, names);
  return !column.empty() && !is_own && std::ranges::none_of(core::kRecordingColumns, names) &&
         std::ranges::none_of(core::kLabelColumns, names);
}

/// A field of a column that is either absent or full.
std::string full_text(const core::TextTable& table, const core::TableLine& line,
                      const std::string& column) {
  std::string text = line.text(column);
  if (text.empty() && table.header().has(column)) {
    line.place().fail(fmt::format("{} is empty; expected it in all lines or in none", column));
  }
  return text;
}

/// Reads `group`, `fold`, `split` and `weight`.
void read_own_columns(const core::TextTable& table, const core::TableLine& line,
                      RecordingLabel& row) {
  row.group = full_text(table, line, "group");
  row.fold = full_text(table, line, "fold");
  row.split = full_text(table, line, "split");
  if (table.header().has("split") && row.split != "train" && row.split != "test") {
    line.place().fail(fmt::format("split is '{}', expected train or test", row.split));
  }
  row.weight = line.number("weight", 1.0);
}

RecordingLabel read_row(const core::TextTable& table, const core::TableLine& line,
                        LabelColumns columns) {
  RecordingLabel row;
  row.line = line.place().line;
  row.file = line.text_of_any(core::kRecordingColumns);
  if (row.file.empty()) line.place().fail("file is empty, expected the path of a recording");
  row.label = line.text_of_any(core::kLabelColumns);
  if (columns == LabelColumns::all) read_own_columns(table, line, row);
  for (const std::string& column : table.header().names()) {
    if (is_slice(column, columns)) row.slices[column] = line.text(column);
  }
  return row;
}

std::string file_name(std::string path) {
  std::ranges::replace(path, '\\', '/');
  return std::filesystem::path(path).filename().string();
}

/// The rows of each name.
using RowsByName = std::map<std::string, std::vector<std::size_t>>;

const std::vector<std::size_t>& rows_of(const std::string& recording, const RowsByName& by_path,
                                        const RowsByName& by_name) {
  static const std::vector<std::size_t> kNone;
  if (const auto found = by_path.find(recording); found != by_path.end()) return found->second;
  const auto found = by_name.find(file_name(recording));
  return found == by_name.end() ? kNone : found->second;
}

void refuse(const std::filesystem::path& table, const std::vector<std::string>& recordings,
            const std::string& what) {
  if (recordings.empty()) return;
  throw IoError(
      fmt::format("{}: {} for {} recording{}: {}; expected one line for each, with "
                  "its path or its file name (an empty label leaves it out)",
                  table.string(), what, recordings.size(), recordings.size() == 1 ? "" : "s",
                  core::first_ten(recordings)));
}

}  // namespace

LabelsTable::LabelsTable(std::filesystem::path path, LabelColumns columns)
    : path_(std::move(path)) {
  const core::TextTable table(path_);
  columns_ = table.header().names();
  const bool needs_label = columns == LabelColumns::all;
  if (!table.header().has_any_of(core::kRecordingColumns) ||
      (needs_label && !table.header().has_any_of(core::kLabelColumns))) {
    table.fail_at_header(
        fmt::format("has the columns {}; expected names that include file and{} label",
                    fmt::join(columns_, ", "), needs_label ? "" : ", optionally,"));
  }
  table.for_each_line(
      [&](const core::TableLine& line) { rows_.push_back(read_row(table, line, columns)); });
  if (rows_.empty()) {
    throw IoError(fmt::format("{}: has no line below its header; expected one for each recording",
                              path_.string()));
  }
}

bool LabelsTable::has(const std::string& column) const {
  return core::TableHeader(columns_).has(column);
}

std::vector<RecordingLabel> LabelsTable::of(std::span<const std::string> recordings) const {
  RowsByName by_path;
  RowsByName by_name;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    by_path[rows_[i].file].push_back(i);
    by_name[file_name(rows_[i].file)].push_back(i);
  }
  std::vector<RecordingLabel> found;
  std::vector<std::string> without;
  std::vector<std::string> ambiguous;
  std::vector<std::string> twice;
  std::map<std::size_t, std::string> used;
  for (const std::string& recording : recordings) {
    const std::vector<std::size_t>& rows = rows_of(recording, by_path, by_name);
    if (rows.empty()) {
      without.push_back(recording);
    } else if (rows.size() > 1) {
      ambiguous.push_back(recording);
    } else if (const auto [first, is_new] = used.emplace(rows.front(), recording); !is_new) {
      (first->second == recording ? twice : ambiguous).push_back(recording);
    } else {
      found.push_back(rows_[rows.front()]);
    }
  }
  if (!twice.empty()) {
    throw ConfigError(fmt::format("these recordings are given twice: {}; expected each once",
                                  core::first_ten(twice)));
  }
  refuse(path_, without, "has no line");
  refuse(path_, ambiguous, "has no line of its own");
  return found;
}

}  // namespace relax_spectro
