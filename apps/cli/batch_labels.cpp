#include "cli/batch_labels.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

#include "batch/label_summary.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::cli {
namespace {

constexpr const char* kTable = "summary-by-label.csv";

std::string mean_name(const std::string& label_name) { return label_name + ".mean.npz"; }

void write_mean_map_of(const std::string& label, const std::string& name,
                       std::span<const BatchRow* const> rows, const std::filesystem::path& output,
                       const TalkOptions& talk) {
  std::vector<std::filesystem::path> results;
  for (const BatchRow* row : rows) results.push_back(output / (row->result.string() + ".json"));
  const std::filesystem::path path = output / mean_name(name);
  try {
    write_mean_map(path, mean_contrast(results), Overwrite::yes);
  } catch (const IoError& error) {
    talk.warn(path, fmt::format("no mean map of '{}': {}", label, error.what()));
  }
}

}  // namespace

std::vector<std::filesystem::path> label_files(std::span<const LabelAndScore> labels,
                                               const std::filesystem::path& output) {
  if (labels.empty()) return {};
  std::vector<std::filesystem::path> files{output / kTable};
  for (const auto& [_, name] : label_file_names(labels)) files.push_back(output / mean_name(name));
  return files;
}

void write_labels(std::span<const BatchRow> rows, const std::filesystem::path& output,
                  const TalkOptions& talk) {
  std::vector<LabelAndScore> labels;  // of all rows: file names must not depend on which failed
  for (const BatchRow& row : rows) {
    if (!row.label.empty()) labels.emplace_back(row.label, row.score);
  }
  if (labels.empty()) return;
  const std::map<LabelAndScore, std::string> names = label_file_names(labels);
  for (const auto& [label, of_label] : rows_by_label(rows)) {
    write_mean_map_of(label.first, names.at(label), of_label, output, talk);
  }
  write_text_file(output / kTable, labels_csv(summarise_labels(rows)), Overwrite::yes);
}

}  // namespace relax_spectro::cli
