#include "assess/assess_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "assess/class_probabilities.hpp"
#include "base/name_numbers.hpp"
#include "base/require.hpp"
#include "base/text.hpp"

namespace relax_spectro {
namespace {

/// The file's name without endings; the whole path where names are equal, or that of an ensemble.
std::vector<std::string> names_of_members(const std::vector<std::filesystem::path>& paths) {
  std::vector<std::string> names;
  std::map<std::string, std::size_t> counts{{"mean", 1}, {"geometric mean", 1}, {"vote", 1}};
  for (const auto& path : paths) {
    std::filesystem::path stem = path.stem();
    if (stem.extension() == ".probe") stem = stem.stem();
    names.push_back(stem.string());
    ++counts[names.back()];
  }
  std::set<std::string> used;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (counts[names[i]] > 1) names[i] = paths[i].string();
    core::require(used.insert(names[i]).second,
                  fmt::format("{}: is given twice; expected a file for each member", names[i]));
  }
  return names;
}

std::vector<std::string> labels_of(const LabelsTable& table) {
  std::set<std::string> labels;
  for (const RecordingLabel& row : table.rows()) labels.insert(row.label);
  labels.erase("");
  return {labels.begin(), labels.end()};
}

/// The column of each label.
std::vector<std::size_t> columns_of(const std::filesystem::path& path,
                                    const std::vector<std::string>& of_member,
                                    const std::vector<std::string>& labels) {
  const auto numbers = core::numbers_of(labels);
  std::vector<std::size_t> columns(labels.size(), of_member.size());
  std::vector<std::string> others;
  for (std::size_t k = 0; k < of_member.size(); ++k) {
    const auto found = numbers.find(of_member[k]);
    if (found == numbers.end() || columns[found->second] != of_member.size()) {
      others.push_back(of_member[k]);
    } else {
      columns[found->second] = k;
    }
  }
  for (std::size_t k = 0; k < labels.size(); ++k) {
    if (columns[k] == of_member.size()) others.push_back(labels[k]);
  }
  core::require(others.empty(),
                fmt::format("{}: its classes are not those of the other members; they differ in: "
                            "{}; expected the same classes",
                            path.string(), core::first_ten(others)));
  return columns;
}

/// Where each recording stands among a member's rows, by the line of the table.
using RowsByLine = std::map<std::string, std::size_t>;

Array2d<double> rearranged(const Array2d<double>& from, const Rows& rows,
                           const std::vector<std::size_t>& columns) {
  Array2d<double> to(rows.size(), columns.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    for (std::size_t k = 0; k < columns.size(); ++k) to(i, k) = from(rows[i], columns[k]);
  }
  return to;
}

}  // namespace

std::vector<std::string> AssessData::warnings() const {
  std::vector<std::string> found;
  for (const Member& member : members) {
    for (const std::string& warning : member.warnings)
      found.push_back(member.name + ": " + warning);
  }
  if (without_label > 0) {
    found.push_back(fmt::format("{} recordings have no label and are left out", without_label));
  }
  if (!not_in_all.empty()) {
    found.push_back(fmt::format("{} recordings are not in all predictions and are left out: {}",
                                not_in_all.size(), core::first_ten(not_in_all)));
  }
  return found;
}

AssessData read_assess_data(const std::vector<std::filesystem::path>& paths,
                            const LabelsTable& table) {
  const std::vector<std::string> names = names_of_members(paths);
  std::vector<ClassProbabilities> read;
  std::vector<RowsByLine> rows_of;
  std::map<std::string, std::size_t> found_in;  // by the line of the table
  for (const auto& path : paths) {
    read.push_back(read_class_probabilities(path, labels_of(table)));
    const std::vector<RecordingLabel> lines = table.of(read.back().files);
    RowsByLine rows;
    for (std::size_t i = 0; i < lines.size(); ++i) rows[lines[i].file] = i;
    for (const auto& [line, row] : rows) ++found_in[line];
    rows_of.push_back(std::move(rows));
  }

  AssessData data;
  data.table = table.path();
  for (const RecordingLabel& row : table.rows()) {
    const auto found = found_in.find(row.file);
    if (found == found_in.end()) continue;
    if (found->second < paths.size()) {
      data.not_in_all.push_back(row.file);
    } else if (row.label.empty()) {
      ++data.without_label;
    } else {
      data.rows.push_back(row);
    }
  }
  core::require(
      !data.rows.empty(),
      fmt::format("{}: no recording has a label and is in all predictions", table.path().string()));

  const std::vector<std::string> labels = core::names_of(core::numbers_of(read.front().labels));
  const auto numbers = core::numbers_of(labels);
  std::vector<std::vector<std::size_t>> columns;  // of each member
  for (std::size_t m = 0; m < paths.size(); ++m) {
    columns.push_back(columns_of(paths[m], read[m].labels, labels));
  }
  std::vector<std::size_t> truth;
  std::vector<std::string> groups;
  std::set<std::string> unknown;
  for (const RecordingLabel& row : data.rows) {
    data.files.push_back(read.front().files[rows_of.front().at(row.file)]);
    groups.push_back(table.has("group") ? row.group : data.files.back());
    const auto found = numbers.find(row.label);
    if (found == numbers.end()) {
      unknown.insert(row.label);
    } else {
      truth.push_back(found->second);
    }
  }
  core::require(
      unknown.empty(),
      fmt::format("{}: {} has no class for the labels {}; expected a class for each",
                  table.path().string(), paths.front().string(),
                  core::first_ten(std::vector<std::string>(unknown.begin(), unknown.end()))));
  const auto group_numbers = core::numbers_of(groups);
  data.groups = core::names_of(group_numbers);
  Predictions common{labels, truth, {}, {}, {}};
  for (const std::string& group : groups) common.groups.push_back(group_numbers.at(group));
  for (std::size_t m = 0; m < paths.size(); ++m) {
    Rows rows;
    for (const RecordingLabel& row : data.rows) rows.push_back(rows_of[m].at(row.file));
    Predictions predictions = common;
    predictions.probabilities = rearranged(read[m].probabilities, rows, columns[m]);
    predictions.raw_probabilities = rearranged(read[m].raw, rows, columns[m]);
    for (CopyProbabilities& copy : read[m].copies) {
      copy.probabilities = rearranged(copy.probabilities, rows, columns[m]);
    }
    data.members.push_back({names[m], paths[m], std::move(predictions), std::move(read[m].copies),
                            std::move(read[m].warnings)});
  }
  return data;
}

}  // namespace relax_spectro
