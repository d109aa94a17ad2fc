#include "results/embedding_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "files/csv_cell.hpp"
#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "files/npz.hpp"
#include "files/own_arrays.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/occlusion/prediction.hpp"

namespace relax_spectro {
namespace {

constexpr const char* kUnchanged = "none";
constexpr const char* kTrainingData = "training_data";
constexpr const char* kFormat = "relax-spectro embeddings";

/// The sizes of a window's outputs, the same for every recording.
struct Widths {
  std::size_t embedding = 0;
  std::size_t class_scores = 0;
};

Widths common_widths(std::span<const FileEmbeddings> files) {
  if (files.empty()) return {};
  const Widths widths{files[0].rows.embedding.columns, files[0].rows.class_scores.columns};
  for (const auto& [file, rows, perturbation, copy] : files) {
    if (rows.embedding.columns != widths.embedding ||
        rows.class_scores.columns != widths.class_scores) {
      throw ModelError(
          fmt::format("{}: its windows have {} + {} numbers, those of {} {} + {}; "
                      "expected equal numbers: the size of this model's output depends on the "
                      "recording's length",
                      file.string(), rows.embedding.columns, rows.class_scores.columns,
                      files[0].file.string(), widths.embedding, widths.class_scores));
    }
  }
  return widths;
}

std::filesystem::path json_path_of(std::filesystem::path path) {
  return path.replace_extension(".json");
}

void append(std::vector<float>& all, const Array2d<float>& rows) {
  all.insert(all.end(), rows.values.begin(), rows.values.end());
}

void append(std::vector<double>& all, const std::vector<double>& values) {
  all.insert(all.end(), values.begin(), values.end());
}

/// The names of perturbations, with that of unchanged recordings first.
std::vector<std::string> perturbations_of(std::span<const FileEmbeddings> files) {
  std::vector<std::string> names{kUnchanged};
  for (const FileEmbeddings& one : files) {
    if (!one.perturbation.empty() && std::ranges::find(names, one.perturbation) == names.end()) {
      names.push_back(one.perturbation);
    }
  }
  return names;
}

void write_arrays(const std::filesystem::path& path, std::span<const FileEmbeddings> files) {
  const Widths widths = common_widths(files);
  std::vector<float> embedding;
  std::vector<float> class_scores;
  std::vector<float> bands;
  std::vector<std::int64_t> file_index;
  std::vector<std::int64_t> perturbation;
  std::vector<std::int64_t> copy;
  std::vector<double> first_frame_s;
  std::vector<double> last_frame_s;
  const std::vector<std::string> names = perturbations_of(files);
  std::int64_t recording = -1;
  for (const FileEmbeddings& one : files) {
    const Embeddings& rows = one.rows;
    if (one.perturbation.empty()) ++recording;
    append(embedding, rows.embedding);
    append(class_scores, rows.class_scores);
    append(bands, rows.bands);
    append(first_frame_s, rows.first_frame_s);
    append(last_frame_s, rows.last_frame_s);
    file_index.resize(first_frame_s.size(), recording);
    const auto name =
        one.perturbation.empty() ? names.begin() : std::ranges::find(names, one.perturbation);
    perturbation.resize(first_frame_s.size(), name - names.begin());
    copy.resize(first_frame_s.size(), static_cast<std::int64_t>(one.copy));
  }
  const std::size_t count = file_index.size();
  NpzWriter writer;
  writer.add("embedding", {count, widths.embedding}, std::span<const float>(embedding));
  writer.add("class_scores", {count, widths.class_scores}, std::span<const float>(class_scores));
  writer.add("bands", {count, count == 0 ? 0 : bands.size() / count},
             std::span<const float>(bands));
  writer.add("file_index", {count}, std::span<const std::int64_t>(file_index));
  if (names.size() > 1) {
    writer.add("perturbation", {count}, std::span<const std::int64_t>(perturbation));
    writer.add("copy", {count}, std::span<const std::int64_t>(copy));
  }
  writer.add("first_frame_s", {count}, std::span<const double>(first_frame_s));
  writer.add("last_frame_s", {count}, std::span<const double>(last_frame_s));
  writer.write(path);
}

std::string summary_text(std::span<const FileEmbeddings> files, const EmbeddingSource& source,
                         const std::string& arrays_sha256) {
  nlohmann::ordered_json json{
      {"format", kFormat}, {"format_version", 1}, {"arrays_sha256", arrays_sha256}};
  json["files"] = nlohmann::ordered_json::array();
  for (const auto& one : files) {
    if (one.perturbation.empty()) json["files"].push_back(one.file.string());
  }
  const std::vector<std::string> perturbations = perturbations_of(files);
  if (perturbations.size() > 1) json["perturbations"] = perturbations;
  json["labels"] = source.card.labels;
  json["model"] = {{"path", source.model.path.string()},
                   {"sha256", source.model.sha256},
                   {"name", source.card.name}};
  const nlohmann::json notes = nlohmann::json::parse(source.card.notes_json);
  if (const auto data = notes.find(kTrainingData); data != notes.end() && data->is_string()) {
    json["model"][kTrainingData] = *data;
  }
  if (source.probe) {
    json["model"]["probe"] = {{"path", source.probe->path.string()},
                              {"sha256", source.probe->sha256}};
  }
  return core::json_text(json) + "\n";
}

/// The class with the highest score and its probability, as two cells of a CSV.
std::string heard_cells(std::span<const float> class_scores, const ModelCard& card) {
  const std::vector<HeardClass> heard = heard_classes(class_scores, card);
  if (heard.empty()) return ",,";
  return fmt::format(",{},{:.6g}", core::csv_cell(class_name(heard[0])), *heard[0].probability);
}

[[noreturn]] void fail_as_damaged(const std::filesystem::path& path, const std::string& what) {
  throw IoError(fmt::format("{}: {}; expected an .npz that this version of embed wrote",
                            path.string(), what));
}

nlohmann::json parse_summary(const std::filesystem::path& path) {
  if (path.extension() != ".npz") {
    throw ConfigError(fmt::format(
        "{}: expected the .npz that relax-spectro embed wrote (embed -o NAME.npz)", path.string()));
  }
  const std::filesystem::path json_path = json_path_of(path);
  return core::parse_json(read_text_file(json_path), json_path.string());
}

core::JsonFields summary_fields(const std::filesystem::path& path, const nlohmann::json& json) {
  core::JsonFields fields(json, {json_path_of(path).string(), "expected a file that embed wrote"});
  if (fields.get<std::string>("format") != kFormat) {
    fields.fail("format", fmt::format("is not '{}'", kFormat));
  }
  core::require_own_arrays(fields, path, json_path_of(path));
  return fields;
}

/// The numbers of a perturbation and of a copy. Both are 0 for unchanged recordings.
using CopyKey = std::pair<double, double>;

/// What each window is of.
std::vector<CopyKey> copies_of(const std::filesystem::path& path,
                               const std::map<std::string, NumericArray>& arrays) {
  std::vector<CopyKey> keys(arrays.at("file_index").values.size());
  const auto read = [&](const std::string& name, double CopyKey::*field) {
    const auto found = arrays.find(name);
    if (found == arrays.end()) return;
    if (found->second.values.size() != keys.size()) {
      fail_as_damaged(path, name + " does not have one value for each window");
    }
    for (std::size_t i = 0; i < keys.size(); ++i) keys[i].*field = found->second.values[i];
  };
  read("perturbation", &CopyKey::first);
  read("copy", &CopyKey::second);
  return keys;
}

/// Which windows belong to which recording, or to a copy of it.
class WindowsOfFiles {
 public:
  /// @param arrays  file_index, and perturbation and copy if there are changed copies.
  /// @param wanted  other windows are left out.
  WindowsOfFiles(const std::filesystem::path& path, const std::vector<std::string>& files,
                 const std::map<std::string, NumericArray>& arrays, const CopyKey& wanted = {})
      : path_(path), counts_(files.size(), 0.0) {
    const std::vector<double>& file_index = arrays.at("file_index").values;
    const std::vector<CopyKey> keys = copies_of(path, arrays);
    for (std::size_t window = 0; window < file_index.size(); ++window) {
      const double index = file_index[window];
      if (!(index >= 0.0 && index < static_cast<double>(files.size()))) {
        fail_as_damaged(path, "a file_index is not that of a recording");
      }
      files_.push_back(keys[window] == wanted ? static_cast<std::size_t>(index) : kOther);
      if (files_.back() != kOther) counts_[files_.back()] += 1.0;
    }
    const auto empty = std::ranges::find(counts_, 0.0);
    if (empty == counts_.end()) return;
    fail_as_damaged(path,
                    files[static_cast<std::size_t>(empty - counts_.begin())] + " has no window");
  }

  /// The mean over each recording's windows, [recording, column].
  [[nodiscard]] Array2d<double> means(const NumericArray& rows, const std::string& name) const {
    if (rows.shape.size() != 2 || rows.shape[0] != files_.size()) {
      fail_as_damaged(path_, name + " does not have one row for each window");
    }
    const auto finite = [](double value) { return std::isfinite(value); };
    if (!std::ranges::all_of(rows.values, finite)) {
      fail_as_damaged(path_, name + " has a value that is not a finite number");
    }
    Array2d<double> means(counts_.size(), rows.shape[1]);
    for (std::size_t i = 0; i < rows.values.size(); ++i) {
      const std::size_t file = files_[i / means.columns];
      if (file != kOther) means(file, i % means.columns) += rows.values[i] / counts_[file];
    }
    return means;
  }

  /// These windows.
  [[nodiscard]] WindowEmbeddings each(const NumericArray& embedding,
                                      const NumericArray& bands) const {
    WindowEmbeddings windows;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (files_[i] == kOther) continue;
      windows.file_of.push_back(files_[i]);
      append_row(windows.embedding, row_of(embedding, i));
      append_row(windows.bands, row_of(bands, i));
    }
    return windows;
  }

 private:
  static std::span<const double> row_of(const NumericArray& array, std::size_t row) {
    return std::span(array.values).subspan(row * array.shape[1], array.shape[1]);
  }

  static constexpr std::size_t kOther = SIZE_MAX;

  const std::filesystem::path& path_;
  std::vector<std::size_t> files_;  // of each window, or kOther
  std::vector<double> counts_;      // of each file's windows
};

/// The means of an array over the windows of each changed copy.
std::vector<CopyMeans> read_copies(const std::filesystem::path& path, core::JsonFields& fields,
                                   const std::vector<std::string>& files,
                                   const std::map<std::string, NumericArray>& arrays,
                                   const std::string& array) {
  std::vector<CopyMeans> copies;
  if (!arrays.contains("perturbation")) return copies;
  const std::vector<std::string> names = fields.texts("perturbations");
  const std::vector<CopyKey> keys = copies_of(path, arrays);
  for (const CopyKey& key : std::set<CopyKey>(keys.begin(), keys.end())) {
    if (key == CopyKey{}) continue;
    const auto& [perturbation, copy] = key;
    if (!(perturbation >= 1.0 && perturbation < static_cast<double>(names.size()) && copy >= 0.0)) {
      fail_as_damaged(path, "a perturbation is none of those that its .json names");
    }
    copies.push_back({names[static_cast<std::size_t>(perturbation)], static_cast<std::size_t>(copy),
                      WindowsOfFiles(path, files, arrays, key).means(arrays.at(array), array)});
  }
  return copies;
}

}  // namespace

std::string embeddings_csv(std::span<const FileEmbeddings> files, const ModelCard& card) {
  const Widths widths = common_widths(files);
  const bool has_copies = perturbations_of(files).size() > 1;
  std::string text = "file,first_frame_s,last_frame_s,relax_spectro,heard,heard_probability";
  if (has_copies) text += ",perturbation,copy";
  for (std::size_t i = 0; i < widths.embedding; ++i) text += fmt::format(",embedding_{}", i);
  for (std::size_t i = 0; i < widths.class_scores; ++i) {
    text += ',';
    text += core::csv_cell(i < card.labels.size() ? card.labels[i] : fmt::format("class_{}", i));
  }
  text += '\n';
  for (const auto& [file, rows, perturbation, copy] : files) {
    for (std::size_t w = 0; w < rows.first_frame_s.size(); ++w) {
      text += fmt::format("{},{:.6f},{:.6f},{}", core::csv_cell(file.string()),
                          rows.first_frame_s[w], rows.last_frame_s[w], version());
      text += heard_cells(rows.class_scores.row(w), card);
      if (has_copies) {
        text += fmt::format(",{},{}", perturbation.empty() ? kUnchanged : perturbation, copy);
      }
      for (const float value : rows.embedding.row(w)) text += fmt::format(",{}", value);
      for (const float value : rows.class_scores.row(w)) text += fmt::format(",{}", value);
      text += '\n';
    }
  }
  return text;
}

void check_embeddings_path(const std::filesystem::path& path, Overwrite overwrite) {
  if (path.extension() != ".csv" && path.extension() != ".npz") {
    throw ConfigError(
        fmt::format("{}: embeddings are written as .csv or .npz; expected one of these endings",
                    path.string()));
  }
  refuse_existing(path, overwrite);
  if (path.extension() == ".npz") refuse_existing(json_path_of(path), overwrite);
}

void write_embeddings(const std::filesystem::path& path, std::span<const FileEmbeddings> files,
                      const EmbeddingSource& source, Overwrite overwrite) {
  check_embeddings_path(path, overwrite);
  if (path.extension() == ".csv") {
    write_text_file(path, embeddings_csv(files, source.card), overwrite);
    return;
  }
  OutputFile arrays(path, overwrite);
  OutputFile summary(json_path_of(path), overwrite);
  write_arrays(arrays.temporary_path(), files);
  summary.write(summary_text(files, source, sha256_of_file(arrays.temporary_path())));
  arrays.commit();
  summary.commit();
}

RecordingEmbeddings read_embeddings(const std::filesystem::path& path, EmbeddingUnit unit) {
  const nlohmann::json json = parse_summary(path);
  core::JsonFields fields = summary_fields(path, json);
  core::JsonFields model = fields.object("model");
  RecordingEmbeddings read{path,
                           fields.texts("files"),
                           {},
                           {},
                           model.get<std::string>("path"),
                           model.get<std::string>("sha256"),
                           model.get<std::string>("name"),
                           model.get_or<std::string>(kTrainingData, "")};
  const auto arrays = read_npz(path, {"embedding", "bands", "file_index", "perturbation", "copy"});
  if (arrays.size() - arrays.count("perturbation") - arrays.count("copy") != 3) {
    fail_as_damaged(path, "does not hold the arrays embedding, bands and file_index");
  }
  const WindowsOfFiles windows(path, read.files, arrays);
  read.mean = windows.means(arrays.at("embedding"), "embedding");
  read.bands = windows.means(arrays.at("bands"), "bands");
  read.copies = read_copies(path, fields, read.files, arrays, "embedding");
  if (unit == EmbeddingUnit::window) {
    read.windows = windows.each(arrays.at("embedding"), arrays.at("bands"));
  }
  return read;
}

std::string training_warning(const std::string& training_data) {
  return fmt::format("the model was trained on {}; a test on these recordings flatters it",
                     training_data);
}

RecordingScores read_class_scores(const std::filesystem::path& path) {
  const nlohmann::json json = parse_summary(path);
  core::JsonFields fields = summary_fields(path, json);
  RecordingScores read{fields.texts("files"),
                       fields.texts("labels"),
                       {},
                       {},
                       fields.object("model").get_or<std::string>(kTrainingData, "")};
  const auto arrays = read_npz(path, {"class_scores", "file_index", "perturbation", "copy"});
  if (!arrays.contains("class_scores") || !arrays.contains("file_index")) {
    fail_as_damaged(path, "does not hold the arrays class_scores and file_index");
  }
  const WindowsOfFiles windows(path, read.files, arrays);
  read.mean = windows.means(arrays.at("class_scores"), "class_scores");
  if (read.mean.columns != read.labels.size()) {
    fail_as_damaged(path, fmt::format("has {} class scores for {} class names", read.mean.columns,
                                      read.labels.size()));
  }
  read.copies = read_copies(path, fields, read.files, arrays, "class_scores");
  return read;
}

}  // namespace relax_spectro
