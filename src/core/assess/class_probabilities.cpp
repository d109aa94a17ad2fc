#include "assess/class_probabilities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "files/npz.hpp"
#include "files/own_arrays.hpp"
#include "files/table_columns.hpp"
#include "files/text_table.hpp"
#include "probe/calibration.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "results/embedding_file.hpp"

namespace relax_spectro {
namespace {

constexpr double kMostFromOne = 0.02;  // of rows whose numbers are rounded

[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what) {
  throw IoError(fmt::format("{}: {}", path.string(), what));
}

bool are_probabilities(const Array2d<double>& rows) {
  for (std::size_t i = 0; i < rows.rows; ++i) {
    double sum = 0.0;
    for (const double value : rows.row(i)) {
      if (!(value >= 0.0)) return false;
      sum += value;
    }
    if (!(std::abs(sum - 1.0) <= 1e-6)) return false;
  }
  return true;
}

ClassProbabilities from_probe(const std::filesystem::path& path, core::JsonFields& fields) {
  ClassProbabilities read;
  read.labels = fields.texts("labels");
  if (fields.has("warnings")) read.warnings = fields.texts("warnings");
  for (core::JsonFields& row : fields.objects("predictions")) {
    read.files.push_back(row.get<std::string>("file"));
  }
  const std::filesystem::path arrays_path = std::filesystem::path(path).replace_extension(".npz");
  core::require_own_arrays(fields, arrays_path,
                           std::filesystem::path(path).replace_extension(".json"));
  const auto arrays = read_npz(arrays_path, {"probability", "logits"});
  const std::vector<std::size_t> shape{read.files.size(), read.labels.size()};
  const auto array = [&](const std::string& name) {
    const auto found = arrays.find(name);
    if (found == arrays.end() || found->second.shape != shape) {
      fail(arrays_path, fmt::format("{} is not an array of {} recordings and {} classes, as the "
                                    ".json beside it says; run probe again",
                                    name, shape[0], shape[1]));
    }
    Array2d<double> rows(shape[0], shape[1]);
    rows.values = found->second.values;
    return rows;
  };
  read.probabilities = array("probability");
  read.raw = probabilities_of(array("logits"));
  if (!are_probabilities(read.probabilities) || !are_probabilities(read.raw)) {
    fail(arrays_path, "has rows that are not probabilities; run probe again");
  }
  return read;
}

ClassProbabilities from_embeddings(const std::filesystem::path& path,
                                   const std::vector<std::string>& labels) {
  RecordingScores scores = read_class_scores(std::filesystem::path(path).replace_extension(".npz"));
  std::vector<std::size_t> columns;
  std::vector<std::string> missing;
  for (const std::string& label : labels) {
    const auto found = std::ranges::find(scores.labels, label);
    columns.push_back(static_cast<std::size_t>(found - scores.labels.begin()));
    if (found == scores.labels.end()) missing.push_back(label);
  }
  if (!missing.empty()) {
    throw ConfigError(
        fmt::format("{}: its model has no class for {} of {} labels: {}; expected the "
                    "same names, or fit a classifier by probe",
                    path.string(), missing.size(), labels.size(), core::first_ten(missing)));
  }
  const auto probabilities = [&](const Array2d<double>& of_all_classes) {
    Array2d<double> chosen(of_all_classes.rows, labels.size());
    for (std::size_t i = 0; i < chosen.rows; ++i) {
      for (std::size_t k = 0; k < chosen.columns; ++k) chosen(i, k) = of_all_classes(i, columns[k]);
    }
    return probabilities_of(chosen);
  };
  ClassProbabilities read{std::move(scores.files), labels, probabilities(scores.mean),
                          probabilities(scores.mean)};
  if (!scores.training_data.empty()) read.warnings = {training_warning(scores.training_data)};
  for (const CopyMeans& copy : scores.copies) {
    read.copies.push_back({copy.perturbation, copy.copy, probabilities(copy.mean)});
  }
  return read;
}

ClassProbabilities from_csv(const std::filesystem::path& path) {
  const core::TextTable table(path);
  ClassProbabilities read;
  for (const std::string& column : table.header().names()) {
    const auto names = [&column](const std::string& known) {
      return core::lower_case(known) == core::lower_case(column);
    };
    if (!column.empty() && std::ranges::none_of(core::kRecordingColumns, names)) {
      read.labels.push_back(column);
    }
  }
  if (!table.header().has_any_of(core::kRecordingColumns) || read.labels.size() < 2) {
    table.fail_at_header("expected a column file, and one column for each of two classes or more");
  }
  table.for_each_line([&](const core::TableLine& line) {
    read.files.push_back(line.text_of_any(core::kRecordingColumns));
    if (read.files.back().empty()) line.place().fail("file is empty, expected a recording");
    std::vector<double> row;
    double sum = 0.0;
    for (const std::string& label : read.labels) {
      row.push_back(line.number(label, std::nullopt));
      sum += row.back();
    }
    if (!(std::abs(sum - 1.0) <= kMostFromOne)) {
      line.place().fail(
          fmt::format("its classes sum to {:g}; expected probabilities, which sum to 1", sum));
    }
    for (const double value : row) read.probabilities.values.push_back(value / sum);
  });
  if (read.files.empty())
    fail(path, "has no line below its header; expected one for each recording");
  read.probabilities.rows = read.files.size();
  read.probabilities.columns = read.labels.size();
  read.raw = read.probabilities;
  return read;
}

}  // namespace

ClassProbabilities read_class_probabilities(const std::filesystem::path& path,
                                            const std::vector<std::string>& labels) {
  const std::string ending = core::lower_case(path.extension().string());
  if (ending == ".csv") return from_csv(path);
  if (ending != ".npz" && ending != ".json") {
    throw ConfigError(
        fmt::format("{}: expected predictions of probe or embed (.npz), or a .csv", path.string()));
  }
  const std::filesystem::path json_path = std::filesystem::path(path).replace_extension(".json");
  const nlohmann::json json = core::parse_json(read_text_file(json_path), json_path.string());
  core::JsonFields fields(json, {json_path.string(), "expected a file that probe or embed wrote"});
  if (fields.get<std::string>("format") == "relax-spectro probe") return from_probe(path, fields);
  return from_embeddings(path, labels);
}

}  // namespace relax_spectro
