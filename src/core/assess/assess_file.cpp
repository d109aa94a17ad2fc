#include "assess/assess_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <nlohmann/json.hpp>
#include <numeric>
#include <string>

#include "assess/ensemble_text.hpp"
#include "files/csv_row.hpp"
#include "files/json_text.hpp"
#include "probe/calibration.hpp"
#include "probe/report_json.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

constexpr const char* kMetricsCsv = ".metrics.csv";
constexpr const char* kInfluenceCsv = ".influence.csv";
constexpr const char* kMembersCsv = ".members.csv";
constexpr const char* kSlicesCsv = ".slices.csv";
constexpr const char* kPerturbationsCsv = ".perturbations.csv";
constexpr const char* kSuspectsCsv = ".suspects.csv";

constexpr std::size_t kLargest = 10;
constexpr std::size_t kMostTraining = 20;

const System& subject_of(const Assessment& assessment) {
  return assessment.systems[assessment.subject];
}

ordered_json largest_json(const InfluenceTable& table, const std::vector<Influence>& influences,
                          const std::vector<std::string>& names) {
  ordered_json json;
  for (const std::string& measure : bounded_measures()) {
    const std::size_t number = table.number_of(measure);
    for (const std::size_t i : largest(influences, number, kLargest)) {
      json[measure].push_back({{"name", names[i]}, {"change", influences[i].changes[number]}});
    }
  }
  return json;
}

ordered_json bounds_json(const std::vector<DropBounds>& all) {
  ordered_json json = ordered_json::array();
  for (const DropBounds& bounds : all) {
    json.push_back({{"measure", bounds.measure},
                    {"least", bounds.least},
                    {"greatest", bounds.greatest},
                    {"files_to_leave_interval", core::number_or_null(bounds.to_leave_interval)},
                    {"files_to_threshold", core::number_or_null(bounds.to_threshold)}});
  }
  return json;
}

ordered_json ensemble_json(const EnsembleStudy& study, const AssessData& data) {
  const auto name = [&data](std::size_t member) { return data.members[member].name; };
  ordered_json json{{"best_member", name(study.best)},
                    {"decomposition",
                     {{"ensemble_loss", study.decomposition.ensemble_loss},
                      {"member_loss", study.decomposition.member_loss},
                      {"divergence", study.decomposition.divergence}}}};
  for (const Comparison& comparison : study.comparisons) {
    ordered_json entry{{"system", comparison.system}, {"compared_with", comparison.with}};
    for (const Difference& difference : comparison.differences) {
      entry["differences"].push_back({{"measure", difference.measure},
                                      {"value", difference.value},
                                      {"interval", interval_json(difference.interval)},
                                      {"p", core::number_or_null(difference.p)}});
    }
    json["comparisons"].push_back(entry);
  }
  for (const MemberPair& pair : study.pairs) {
    json["pairs"].push_back({{"a", name(pair.a)},
                             {"b", name(pair.b)},
                             {"both_wrong", pair.both_wrong},
                             {"if_independent", pair.if_independent},
                             {"kappa", pair.kappa}});
  }
  for (std::size_t m = 0; m < study.only_right.size(); ++m) {
    ordered_json files = ordered_json::array();
    for (const std::size_t row : study.only_right[m]) files.push_back(data.files[row]);
    json["only_right"].push_back({{"name", name(m)}, {"files", files}});
  }
  return json;
}

/// The files with the greatest and the least changes.
ordered_json training_json(const std::vector<double>& changes,
                           const std::vector<std::string>& files) {
  Rows order(changes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto first = [&](const auto& compare) {
    std::ranges::stable_sort(order, compare, [&changes](std::size_t i) { return changes[i]; });
    ordered_json json = ordered_json::array();
    for (std::size_t i = 0; i < std::min(kMostTraining, order.size()); ++i) {
      json.push_back({{"name", files[order[i]]}, {"change", changes[order[i]]}});
    }
    return json;
  };
  return {{"most_helpful", first(std::greater<>{})}, {"most_harmful", first(std::less<>{})}};
}

std::string summary_text(const Assessment& assessment, const AssessData& data,
                         const AssessOptions& options) {
  ordered_json json{{"format", "relax-spectro assessment"},
                    {"format_version", 1},
                    {"tool_version", version()},
                    {"table", data.table.string()}};
  for (const Member& member : data.members) {
    json["members"].push_back({{"name", member.name}, {"path", member.path.string()}});
  }
  json["options"] = {{"seed", options.seed}, {"threshold", nullptr}, {"refit", options.refit}};
  if (options.threshold) {
    json["options"]["threshold"] = {{"measure", options.threshold->measure},
                                    {"value", options.threshold->value}};
  }
  json["labels"] = subject_of(assessment).predictions.labels;
  json["recordings"] = data.files.size();
  json["groups"] = data.groups.size();
  json["without_label"] = data.without_label;
  json["not_in_all"] = data.not_in_all;
  json["subject"] = subject_of(assessment).name;
  json["verdict"] = verdict_of(assessment, options.threshold);
  json["warnings"] = data.warnings();
  for (const System& system : assessment.systems) {
    json["systems"].push_back({{"name", system.name}, {"measures", measures_json(system.report)}});
  }
  json["ensemble"] = nullptr;
  if (assessment.ensemble) json["ensemble"] = ensemble_json(*assessment.ensemble, data);
  json["influence"] = {
      {"files", largest_json(assessment.influence, assessment.influence.files, data.files)},
      {"groups", largest_json(assessment.influence, assessment.influence.groups, data.groups)}};
  json["bounds"] = bounds_json(assessment.bounds);
  json["splits"] = nullptr;
  for (const SplitNoise& noise : assessment.splits) {
    json["splits"].push_back({{"measure", noise.measure},
                              {"mean", noise.mean},
                              {"sd", noise.sd},
                              {"values", noise.values}});
  }
  json["training"] = nullptr;
  if (assessment.training) json["training"] = training_json(assessment.training->files, data.files);
  return core::json_text(json) + "\n";
}

std::string metrics_csv(const std::vector<System>& systems) {
  std::string text = std::string("predictions,") + kReportHeader;
  for (const System& system : systems) text += report_rows(system.report, system.name);
  return text;
}

std::string influence_csv(const Assessment& assessment, const AssessData& data) {
  const Predictions& predictions = subject_of(assessment).predictions;
  const std::vector<double> losses = log_losses(predictions.probabilities, predictions.truth);
  const Rows decisions = decisions_of(predictions.probabilities);
  const InfluenceTable& table = assessment.influence;
  std::string text = "kind,name,recordings,label,decision,own_log_loss";
  for (const std::string& measure : table.measures) text += ',' + measure;
  text += ",f1_class,f1,training_log_loss,relax_spectro\n";
  const auto add = [&](const char* kind, const std::string& name, const Influence& one,
                       std::optional<double> training) {
    const bool is_file = one.rows.size() == 1 && std::string(kind) == "file";
    core::CsvRow row;
    row.text(kind);
    row.text(name);
    row.count(one.rows.size());
    row.text(is_file ? predictions.labels[predictions.truth[one.rows.front()]] : "");
    row.text(is_file ? predictions.labels[decisions[one.rows.front()]] : "");
    row.number(is_file ? std::optional(losses[one.rows.front()]) : std::nullopt);
    for (const double change : one.changes) row.number(change);
    row.text(predictions.labels[one.f1_class]);
    row.number(one.f1_change);
    row.number(training);
    row.text(std::string(version()));
    text += row.line();
  };
  const auto training = [&](std::vector<double> TrainingInfluence::*of, std::size_t i) {
    return assessment.training ? std::optional((*assessment.training.*of)[i]) : std::nullopt;
  };
  for (std::size_t i = 0; i < table.files.size(); ++i) {
    add("file", data.files[i], table.files[i], training(&TrainingInfluence::files, i));
  }
  for (std::size_t g = 0; g < table.groups.size(); ++g) {
    add("group", data.groups[g], table.groups[g], training(&TrainingInfluence::groups, g));
  }
  return text;
}

std::string suspects_csv(const Assessment& assessment, const AssessData& data) {
  const std::vector<std::string>& labels = subject_of(assessment).predictions.labels;
  std::string text =
      "file,group,label,probability,label_mean,other,other_probability,relax_spectro\n";
  for (const Suspect& suspect : assessment.suspects) {
    core::CsvRow row;
    row.text(data.files[suspect.row]);
    row.text(data.groups[subject_of(assessment).predictions.groups[suspect.row]]);
    row.text(labels[subject_of(assessment).predictions.truth[suspect.row]]);
    row.number(suspect.given_probability);
    row.number(suspect.given_mean);
    row.text(labels[suspect.other]);
    row.number(suspect.other_probability);
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

}  // namespace

OutputFiles assess_files(const std::filesystem::path& name, const std::string& figure_format,
                         Overwrite overwrite) {
  return {name,
          ".assess",
          {kMetricsCsv, kInfluenceCsv, kMembersCsv, kSlicesCsv, kPerturbationsCsv, kSuspectsCsv},
          figure_format,
          overwrite};
}

void write_assessment(OutputFiles& files, const Assessment& assessment, const AssessData& data,
                      const AssessOptions& options) {
  files.write(kMetricsCsv, metrics_csv(assessment.systems));
  files.write(kInfluenceCsv, influence_csv(assessment, data));
  files.write(kMembersCsv, members_csv(assessment.ensemble ? &*assessment.ensemble : nullptr,
                                       assessment.systems));
  files.write(kSlicesCsv, slices_csv(assessment.slices));
  files.write(kPerturbationsCsv, perturbations_csv(assessment.perturbations));
  files.write(kSuspectsCsv, suspects_csv(assessment, data));
  files.commit(summary_text(assessment, data, options));
}

}  // namespace relax_spectro
