#include "batch/batch_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

#include "base/enum_names.hpp"
#include "base/parse_number.hpp"
#include "files/csv_row.hpp"
#include "files/folder_walk.hpp"
#include "files/text_match.hpp"
#include "files/text_table.hpp"
#include "files/valid_utf8.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "results/mask_cells.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;
namespace fs = std::filesystem;

constexpr std::string_view kTableHeader =
    "file,label,score,status,stage,reason,result,duration_s,windows,masks,noise_to_contrast,"
    "unresolved_windows,heard,heard_probability,peak_begin_s,peak_end_s,peak_low_hz,peak_high_hz,"
    "gain_over_loudness,gain_over_chance,beats_loudness,beats_chance,seconds,relax_spectro\n";

constexpr core::EnumNames kStatuses{
    "status",
    std::array{std::pair{BatchStatus::done, "done"sv}, std::pair{BatchStatus::kept, "kept"sv},
               std::pair{BatchStatus::failed, "failed"sv},
               std::pair{BatchStatus::different, "different"sv}}};

std::optional<TimeFrequencyBox> peak_of(const Result& result) {
  const Array2d<double>& contrast = result.explanation.contrast;
  std::optional<std::size_t> peak;
  for (std::size_t i = 0; i < contrast.values.size(); ++i) {
    const double value = contrast.values[i];
    if (!std::isnan(value) && (!peak || value > contrast.values[*peak])) peak = i;
  }
  if (!peak) return std::nullopt;
  return rounded(cell_around(mask_cells(result), result.explanation.spectrogram,
                             *peak / contrast.columns, *peak % contrast.columns));
}

/// A text for a table: a single line, in UTF-8.
std::string as_written(const std::string& text) {
  std::string written = core::valid_utf8(text);
  std::ranges::replace_if(
      written, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return written;
}

void add_facts(core::CsvRow& text, const std::optional<ResultFacts>& facts) {
  if (!facts) {
    for (int i = 0; i < 11; ++i) text.text("");
    return;
  }
  text.number(facts->duration_s);
  text.count(facts->windows);
  text.count(facts->masks);
  text.number(facts->noise_to_contrast);
  text.count(facts->unresolved_windows);
  text.text(facts->heard ? as_written(class_name(*facts->heard)) : "");
  text.number(facts->heard ? facts->heard->probability : std::nullopt);
  for (const auto side : {&TimeFrequencyBox::begin_s, &TimeFrequencyBox::end_s,
                          &TimeFrequencyBox::low_hz, &TimeFrequencyBox::high_hz}) {
    text.number(facts->peak ? std::optional((*facts->peak).*side) : std::nullopt);
  }
}

void add_flip(core::CsvRow& text, const std::optional<FlipFacts>& flip) {
  if (!flip) {
    for (int i = 0; i < 4; ++i) text.text("");
    return;
  }
  text.number(flip->gain_over_loudness);
  text.number(flip->gain_over_chance);
  text.text(flip->beats_loudness ? "yes" : "no");
  text.text(flip->beats_chance ? "yes" : "no");
}

std::optional<double> number_in(const core::TableLine& line, const std::string& column) {
  const std::string field = line.text(column);
  if (field.empty()) return std::nullopt;
  try {
    return core::parse_number(field, column);
  } catch (const ConfigError&) {
    line.place().fail(fmt::format("{} is '{}', expected a number", column, field));
  }
}

std::size_t count_in(const core::TableLine& line, const std::string& column) {
  const std::string field = line.text(column);
  std::size_t count = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), count);
  if (error != std::errc() || end != field.data() + field.size()) {
    line.place().fail(fmt::format("{} is '{}', expected a whole number", column, field));
  }
  return count;
}

std::optional<TimeFrequencyBox> read_peak(const core::TableLine& line) {
  const std::optional<double> begin_s = number_in(line, "peak_begin_s");
  if (!begin_s) return std::nullopt;
  const auto side = [&line](const char* column) { return number_in(line, column).value_or(0.0); };
  return TimeFrequencyBox{*begin_s, side("peak_end_s"), side("peak_low_hz"), side("peak_high_hz")};
}

std::optional<HeardClass> read_heard(const core::TableLine& line) {
  HeardClass heard{0, line.text("heard"), number_in(line, "heard_probability")};
  return heard.label.empty() ? std::nullopt : std::optional(std::move(heard));
}

std::optional<ResultFacts> read_facts(const core::TableLine& line) {
  const std::optional<double> duration_s = number_in(line, "duration_s");
  if (!duration_s) return std::nullopt;
  ResultFacts facts;
  facts.duration_s = *duration_s;
  facts.windows = count_in(line, "windows");
  facts.masks = count_in(line, "masks");
  facts.noise_to_contrast = number_in(line, "noise_to_contrast");
  facts.unresolved_windows = count_in(line, "unresolved_windows");
  facts.heard = read_heard(line);
  facts.peak = read_peak(line);
  facts.seconds = number_in(line, "seconds").value_or(0.0);  // includes the time of the test
  return facts;
}

std::optional<FlipFacts> read_flip_facts(const core::TableLine& line) {
  const std::optional<double> over_loudness = number_in(line, "gain_over_loudness");
  const std::optional<double> over_chance = number_in(line, "gain_over_chance");
  if (!over_loudness || !over_chance) return std::nullopt;
  return FlipFacts{*over_loudness, *over_chance, line.text("beats_loudness") == "yes",
                   line.text("beats_chance") == "yes"};
}

/// The result that a table names, by its name in the file system.
fs::path find_result(const fs::path& folder, const fs::path& named) {
  // as_written may have replaced characters by U+FFFD or a space.
  const std::string name = named.filename().string();
  const bool is_changed =
      name.find("\xEF\xBF\xBD") != std::string::npos || name.find(' ') != std::string::npos;
  std::error_code unreadable;
  if (!is_changed || fs::exists(folder / (named.string() + ".json"), unreadable)) return named;
  auto entry = fs::directory_iterator(folder / named.parent_path(), unreadable);
  for (; !unreadable && entry != fs::directory_iterator(); entry.increment(unreadable)) {
    if (entry->path().extension() != ".json") continue;
    const fs::path stem = entry->path().stem();
    if (as_written(stem.string()) == name) return named.parent_path() / stem;
  }
  return named;
}

BatchRow read_row(const core::TableLine& line, const fs::path& folder) {
  BatchRow row{line.text("file"), line.text("label")};
  if (row.file.empty()) line.place().fail("file is empty, expected the path of a recording");
  try {
    row.status = kStatuses.parse(line.text("status"));
  } catch (const ConfigError& error) {
    line.place().fail(error.what());
  }
  row.score = line.text("score");
  row.stage = line.text("stage");
  row.reason = line.text("reason");
  row.facts = read_facts(line);
  row.flip = read_flip_facts(line);
  row.result = line.text("result");
  if (row.facts) row.result = find_result(folder, row.result);
  return row;
}

/// The same text for all spellings of a recording's path.
std::string recording_identity(const fs::path& file) {
  return as_written(fs::absolute(file).lexically_normal().string());
}

/// When a table was last written, and its path.
using DatedTable = std::pair<fs::file_time_type, fs::path>;

/// The tables of batches in a folder and its subfolders, oldest first.
std::vector<DatedTable> tables_in(const fs::path& folder) {
  constexpr const char* kName = R"(summary(\.shard-[0-9]+-of-[0-9]+)?\.csv)";
  std::vector<DatedTable> tables;
  // Unreadable folders are skipped here, because the search for results reports them.
  for (const fs::path& path : core::files_below(folder).files) {
    if (!core::matched_groups(path.filename().string(), kName) || !is_own_file(path)) continue;
    std::error_code error;
    const fs::file_time_type written = fs::last_write_time(path, error);
    if (error) {
      throw IoError(fmt::format("{}: the table of a batch cannot be read: {}", path.string(),
                                error.message()));
    }
    tables.emplace_back(written, path);
  }
  std::ranges::sort(tables);
  return tables;
}

std::string row_line(const BatchRow& row) {
  core::CsvRow text;
  text.text(as_written(row.file.string()));
  text.text(as_written(row.label));
  text.text(as_written(row.score));
  text.text(std::string(to_string(row.status)));
  text.text(row.stage);
  text.text(as_written(row.reason));
  text.text(as_written(row.result.string()));
  add_facts(text, row.facts);
  add_flip(text, row.flip);
  text.number(row.facts ? std::optional(row.facts->seconds + (row.flip ? row.flip->seconds : 0.0))
                        : std::nullopt);
  text.text(std::string(version()));
  return text.line();
}

}  // namespace

std::string_view to_string(BatchStatus status) { return kStatuses.name_of(status); }

ResultFacts result_facts(const Result& result) {
  const Explanation& explanation = result.explanation;
  ResultFacts facts;
  facts.duration_s = result.provenance.input_duration_s;
  facts.windows = explanation.windows.size();
  for (const WindowSummary& window : explanation.windows) facts.masks += window.masks;
  facts.noise_to_contrast = explanation.saliency.noise_to_contrast;
  facts.unresolved_windows = unresolved_windows(explanation);
  facts.seconds = result.provenance.seconds;
  facts.peak = peak_of(result);
  const std::vector<HeardClass> heard = heard_in_recording(explanation);
  if (!heard.empty()) facts.heard = heard.front();
  return facts;
}

std::optional<FlipFacts> flip_facts(const FlipResult& result) {
  const std::optional<FlipGains>& gains = result.flipping.gains;
  if (!gains) return std::nullopt;
  return FlipFacts{gains->over_amplitude, gains->over_random, gains->beats_loudness(),
                   gains->beats_chance(), result.source.seconds};
}

std::string batch_csv(std::span<const BatchRow> rows) {
  std::string text(kTableHeader);
  for (const BatchRow& row : rows) text += row_line(row);
  return text;
}

std::string batch_table_name(std::string_view shard) {
  return "summary" + std::string(shard) + ".csv";
}

std::vector<BatchRow> read_batch_table(const fs::path& path) {
  const core::TextTable table(path);
  for (const char* column : {"file", "status", "result"}) {
    if (table.header().has(column)) continue;
    table.fail_at_header(
        fmt::format("there is no column {}, so it is not the table of a batch", column));
  }
  std::vector<BatchRow> rows;
  table.for_each_line(
      [&](const core::TableLine& line) { rows.push_back(read_row(line, path.parent_path())); });
  return rows;
}

std::vector<BatchRow> lasting_rows(const fs::path& path) {
  if (!is_own_file(path)) return {};
  std::vector<BatchRow> rows;
  try {
    rows = read_batch_table(path);
  } catch (const IoError& error) {
    throw IoError(
        fmt::format("{}; move the table away, and the next batch begins a new one", error.what()));
  }
  std::erase_if(rows, [&path](const BatchRow& row) {
    std::error_code unreadable;
    const fs::path of_result = path.parent_path() / (row.result.string() + ".json");
    return !fs::exists(row.facts ? of_result : row.file, unreadable);
  });
  return rows;
}

std::vector<BatchRow> joined_rows(std::span<const BatchRow> earlier,
                                  std::span<const BatchRow> later) {
  std::set<std::string> files;
  std::set<std::string> results;  // all known results
  std::set<std::pair<std::string, std::string>> both;
  for (const BatchRow& row : later) {
    const std::string file = recording_identity(row.file);
    const std::string result = as_written(row.result.lexically_normal().string());
    files.insert(file);
    both.emplace(file, result);
    if (row.facts) results.insert(result);
  }
  const auto is_replaced = [&](const BatchRow& row) {
    const std::string file = recording_identity(row.file);
    const std::string result = as_written(row.result.lexically_normal().string());
    if (both.contains({file, result}) || results.contains(result)) return true;
    return !row.facts && files.contains(file);
  };
  std::vector<BatchRow> rows(later.begin(), later.end());
  std::ranges::copy_if(earlier, std::back_inserter(rows),
                       [&](const BatchRow& row) { return !is_replaced(row); });
  std::ranges::stable_sort(rows, {}, &BatchRow::file);
  return rows;
}

std::vector<BatchRow> rows_below(const fs::path& folder) {
  std::vector<BatchRow> rows;
  for (const auto& [_, path] : tables_in(folder)) {
    // Results in two folders may have the same name.
    std::vector<BatchRow> of_table = read_batch_table(path);
    for (BatchRow& row : of_table) row.result = path.parent_path() / row.result;
    rows = joined_rows(rows, of_table);
  }
  return rows;
}

std::vector<BatchRow> unfinished_recordings(const fs::path& folder) {
  std::vector<BatchRow> rows = rows_below(folder);
  std::erase_if(rows, [](const BatchRow& row) { return !row.is_unfinished(); });
  return rows;
}

}  // namespace relax_spectro
