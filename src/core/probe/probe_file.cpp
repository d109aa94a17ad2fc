#include "probe/probe_file.hpp"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "files/json_text.hpp"
#include "files/npz.hpp"
#include "probe/probe_text.hpp"
#include "probe/report_json.hpp"
#include "probe/stored_probe.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

constexpr const char* kArrays = ".probe.npz";
constexpr const char* kReportCsv = ".report.csv";

ordered_json fit_json(const ChosenFit& chosen) {
  return {{"c", chosen.c},
          {"temperature", chosen.temperature},
          {"iterations", chosen.fit.iterations},
          {"gradient_norm", chosen.fit.gradient_norm},
          {"error_bound", chosen.fit.error_bound}};
}

/// The mean and the standard deviation of the folds' accuracies.
ordered_json spread_json(const std::vector<double>& accuracies) {
  const auto count = static_cast<double>(accuracies.size());
  const double mean = std::reduce(accuracies.begin(), accuracies.end()) / count;
  double squares = 0.0;
  for (const double accuracy : accuracies) squares += (accuracy - mean) * (accuracy - mean);
  ordered_json json{{"mean", mean}, {"sd", nullptr}};
  if (count > 1.0) json["sd"] = std::sqrt(squares / (count - 1.0));
  return json;
}

std::string summary_text(const Probe& probe, const ProbeData& data,
                         const RecordingEmbeddings& embeddings, const ProbeSource& source,
                         const std::string& arrays_sha256) {
  ordered_json json{{"format", kProbeFormat},
                    {"format_version", 1},
                    {"tool_version", version()},
                    {"embeddings", embeddings.path.string()},
                    {"model",
                     {{"path", embeddings.model_path},
                      {"sha256", embeddings.model_sha256},
                      {"name", embeddings.model_name}}},
                    {"table", source.labels.string()},
                    {"arrays_sha256", arrays_sha256}};
  json["options"] = {{"c", core::number_or_null(source.options.c)},
                     {"standardise", source.options.standardise},
                     {"unit", data.rows.windows.row_of.empty() ? "recording" : "window"},
                     {"class_weight", source.options.balanced ? "balanced" : "none"},
                     {"folds", source.split.folds},
                     {"allow_leak", source.split.allow_leak},
                     {"intervals", source.options.bootstrap ? "bootstrap" : "none"},
                     {"seed", source.options.seed}};
  json["class_map"] = nullptr;
  if (!source.class_map.empty()) {
    json["class_map"] = {{"path", source.class_map.string()},
                         {"before", data.before_map},
                         {"after", data.after_map}};
  }
  json["verdict"] = verdict_of(probe);
  json["labels"] = data.labels;
  json["recordings"] = data.files.size();
  json["groups"] = data.groups.size();
  json["without_label"] = data.without_label;
  json["fit"] = fit_json(probe.fit);
  std::vector<double> accuracies;
  for (std::size_t i = 0; i < probe.folds.size(); ++i) {
    const TestedFold& fold = probe.folds[i];
    accuracies.push_back(probe.accuracy_of(i));
    ordered_json entry{{"name", fold.fold.name},
                       {"train", fold.fold.train.size()},
                       {"test", fold.fold.test.size()},
                       {"accuracy", accuracies.back()}};
    entry.update(fit_json(fold.chosen));
    json["folds"].push_back(entry);
  }
  json["accuracy_over_folds"] = spread_json(accuracies);
  json["measures"] = measures_json(probe.report);
  const auto control_json = [](const Control& control) {
    return ordered_json{{"accuracy", control.accuracy},
                        {"interval", interval_json(control.interval)}};
  };
  json["controls"] = {{"majority", control_json(probe.controls.majority)},
                      {"bands", control_json(probe.controls.bands)},
                      {"shuffled_labels", control_json(probe.controls.shuffled_labels)}};
  json["warnings"] = probe.warnings;
  for (std::size_t i = 0; i < probe.tested.size(); ++i) {
    const std::size_t row = probe.tested[i];
    json["predictions"].push_back({{"file", data.files[row]},
                                   {"group", data.groups[data.rows.groups[row]]},
                                   {"fold", probe.fold_of[i]}});
  }
  return core::json_text(json) + "\n";
}

void write_arrays(const std::filesystem::path& path, const Probe& probe) {
  NpzWriter writer;
  writer.add("weights", probe.fit.fit.weights);
  writer.add("bias", {probe.fit.fit.bias.size()}, std::span<const double>(probe.fit.fit.bias));
  writer.add("logits", probe.logits);
  writer.add("probability", probe.predictions.probabilities);
  const std::vector<std::int64_t> classes(probe.predictions.truth.begin(),
                                          probe.predictions.truth.end());
  writer.add("label", {classes.size()}, std::span<const std::int64_t>(classes));
  writer.write(path);
}

}  // namespace

OutputFiles probe_files(const std::filesystem::path& name, const std::string& figure_format,
                        Overwrite overwrite) {
  return {name, ".probe", {kArrays, kReportCsv}, figure_format, overwrite};
}

void write_probe(OutputFiles& files, const Probe& probe, const ProbeData& data,
                 const RecordingEmbeddings& embeddings, const ProbeSource& source) {
  const std::filesystem::path& arrays = files.temporary_path(kArrays);
  write_arrays(arrays, probe);
  files.write(kReportCsv, kReportHeader + report_rows(probe.report));
  files.commit(summary_text(probe, data, embeddings, source, sha256_of_file(arrays)));
}

}  // namespace relax_spectro
