#include "relax_spectro/batch/batch_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include "base/enum_names.hpp"
#include "files/csv_row.hpp"
#include "files/text_table.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kHeader =
    "file,label,status,stage,reason,result,duration_s,windows,masks,noise_to_contrast,"
    "unresolved_windows,peak_begin_s,peak_end_s,peak_low_hz,peak_high_hz,gain_over_loudness,gain_"
    "over_chance,"
    "beats_loudness,beats_chance,seconds\n";

constexpr core::EnumNames kStatuses{
    "status",
    std::array{std::pair{BatchStatus::done, "done"sv}, std::pair{BatchStatus::kept, "kept"sv},
               std::pair{BatchStatus::failed, "failed"sv},
               std::pair{BatchStatus::different, "different"sv}}};

std::optional<TimeFrequencyBox> peak_of(const ResultMap& map, const MaskCells& cells) {
  const std::vector<double>& values = map.values.values;
  std::optional<std::size_t> peak;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isnan(values[i]) && (!peak || values[i] > values[*peak])) peak = i;
  }
  if (!peak) return std::nullopt;
  return rounded(cell_around(cells, map.time_s, map.frequency_hz, *peak / map.values.columns,
                             *peak % map.values.columns));
}

void add_facts(core::CsvRow& text, const std::optional<ResultFacts>& facts) {
  if (!facts) {
    for (int i = 0; i < 9; ++i) text.text("");
    return;
  }
  text.number(facts->duration_s);
  text.count(facts->windows);
  text.count(facts->masks);
  text.number(facts->noise_to_contrast);
  text.count(facts->unresolved_windows);
  for (const auto side : {&TimeFrequencyBox::begin_s, &TimeFrequencyBox::end_s,
                          &TimeFrequencyBox::low_hz, &TimeFrequencyBox::high_hz}) {
    text.number(facts->peak ? std::optional((*facts->peak).*side) : std::nullopt);
  }
}

void add_flip(core::CsvRow& text, const std::optional<FlipSummary>& flip) {
  if (!flip || !flip->gains) {
    for (int i = 0; i < 4; ++i) text.text("");
    return;
  }
  text.number(flip->gains->over_amplitude);
  text.number(flip->gains->over_random);
  text.text(flip->beats_loudness ? "yes" : "no");
  text.text(flip->beats_chance ? "yes" : "no");
}

std::string row_line(const BatchRow& row) {
  core::CsvRow text;
  text.text(row.file.string());
  text.text(row.label);
  text.text(std::string(to_string(row.status)));
  text.text(row.stage);
  text.text(row.reason);
  text.text(row.result.string());
  add_facts(text, row.facts);
  add_flip(text, row.flip);
  text.number(row.facts ? std::optional(row.facts->seconds + (row.flip ? row.flip->seconds : 0.0))
                        : std::nullopt);
  return text.line();
}

}  // namespace

std::string_view to_string(BatchStatus status) { return kStatuses.name_of(status); }

ResultFacts result_facts(const ResultSummary& summary, const RecordedRun& run,
                         const ResultMap& contrast) {
  ResultFacts facts;
  facts.duration_s = summary.input_duration_s;
  facts.windows = summary.windows.size();
  for (const ResultWindow& window : summary.windows) facts.masks += window.masks;
  facts.noise_to_contrast = summary.noise_to_contrast();
  facts.unresolved_windows = summary.unresolved_windows();
  facts.seconds = run.provenance.seconds;
  facts.peak = peak_of(contrast, run.cells);
  return facts;
}

ResultFacts result_facts(const std::filesystem::path& json_path) {
  return result_facts(read_result_summary(json_path), read_recorded_run(json_path),
                      read_result_map(json_path, "contrast"));
}

std::string batch_csv(std::span<const BatchRow> rows) {
  std::string text(kHeader);
  for (const BatchRow& row : rows) text += row_line(row);
  return text;
}

std::string batch_table_name(std::string_view shard) {
  return "summary" + std::string(shard) + ".csv";
}

std::vector<UnfinishedRecording> unfinished_recordings(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / batch_table_name();
  if (!std::filesystem::exists(path)) return {};
  std::vector<UnfinishedRecording> unfinished;
  core::TextTable(path).for_each_line([&](const core::TableLine& line) {
    const std::string status = line.text("status");
    if (status == to_string(BatchStatus::failed) || status == to_string(BatchStatus::different)) {
      unfinished.push_back({line.text("file"), line.text("stage"), line.text("reason")});
    }
  });
  return unfinished;
}

}  // namespace relax_spectro
