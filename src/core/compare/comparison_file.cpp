#include "compare/comparison_file.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "compare/comparison_text.hpp"
#include "files/csv_row.hpp"
#include "files/json_text.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

constexpr const char* kProfileCsv = "profile.csv";
constexpr const char* kRecordingsCsv = "recordings.csv";
constexpr const char* kClustersCsv = "clusters.csv";
constexpr const char* kRegionsCsv = "regions.csv";
constexpr const char* kPage = "comparison.html";

void add_mean(core::CsvRow& row, const UnitMean& mean) {
  row.number(mean.value);
  row.number(mean.interval ? std::optional(mean.interval->low) : std::nullopt);
  row.number(mean.interval ? std::optional(mean.interval->high) : std::nullopt);
}

/// The columns of a test.
constexpr const char* kTestedColumns =
    "groups,a,a_low,a_high,b,b_low,b_high,difference,low,high,t,p,relax_spectro\n";

/// @param tested  nothing: the cells stay empty.
void add_test(core::CsvRow& row, const std::optional<TestedDifference>& tested) {
  constexpr std::size_t kCells = 12;
  for (std::size_t i = 0; i < kCells && !tested; ++i) row.text("");
  if (tested) {
    row.count(tested->units);
    add_mean(row, tested->a);
    add_mean(row, tested->b);
    add_mean(row, tested->difference);
    row.number(tested->t);
    row.number(tested->p);
  }
  row.text(std::string(version()));
}

std::string profile_csv(std::span<const ModelComparison> comparisons) {
  std::string text = std::string("compared,label,low_hz,high_hz,") + kTestedColumns;
  for (const ModelComparison& comparison : comparisons) {
    for (const BandDifference& band : comparison.profile) {
      core::CsvRow row;
      row.text(comparison.results.b.folder.string());
      row.text(band.label);
      row.number(band.band ? std::optional(band.band->low_hz) : std::nullopt);
      row.number(band.band ? std::optional(band.band->high_hz) : std::nullopt);
      add_test(row, band.tested);
      text += row.line();
    }
  }
  return text;
}

std::string recordings_csv(std::span<const ModelComparison> comparisons) {
  std::string text =
      "compared,file,sha256,label,group,correlation,rms_a,rms_b,difference,relax_spectro\n";
  for (const ModelComparison& comparison : comparisons) {
    for (const RecordingDifference& recording : comparison.recordings) {
      core::CsvRow row;
      row.text(comparison.results.b.folder.string());
      row.text(recording.recording.path);
      row.text(recording.recording.sha256);
      row.text(recording.label);
      row.text(recording.group);
      row.number(recording.correlation);
      row.number(recording.rms_a);
      row.number(recording.rms_b);
      row.number(recording.difference);
      row.text(std::string(version()));
      text += row.line();
    }
  }
  return text;
}

std::string clusters_csv(std::span<const ModelComparison> comparisons) {
  std::string text =
      std::string("compared,cluster,more,low_hz,high_hz,duration_s,regions,recordings,labels,") +
      kTestedColumns;
  for (const ModelComparison& comparison : comparisons) {
    for (std::size_t c = 0; c < comparison.clusters.size(); ++c) {
      const auto& [cluster, tested] = comparison.clusters[c];
      core::CsvRow row;
      row.text(comparison.results.b.folder.string());
      row.count(c);
      row.text(cluster.more_b ? "b" : "a");
      row.number(cluster.typical.low_hz);
      row.number(cluster.typical.high_hz);
      row.number(cluster.typical.end_s);
      row.count(cluster.regions.size());
      row.count(cluster.recordings.size());
      row.text(labels_text(comparison, cluster, 10));
      add_test(row, tested);
      text += row.line();
    }
  }
  return text;
}

std::string regions_csv(std::span<const ModelComparison> comparisons) {
  std::string text =
      "compared,file,begin_s,end_s,low_hz,high_hz,label,cluster,a,b,difference,share,"
      "relax_spectro\n";
  for (const ModelComparison& comparison : comparisons) {
    for (const DifferenceRegion& region : comparison.regions) {
      core::CsvRow row;
      row.text(comparison.results.b.folder.string());
      row.text(comparison.recordings[region.recording].recording.path);
      row.number(region.box.begin_s);
      row.number(region.box.end_s);
      row.number(region.box.low_hz);
      row.number(region.box.high_hz);
      row.text(comparison.recordings[region.recording].label);
      row.count(region.cluster);
      row.number(region.a);
      row.number(region.b);
      row.number(region.b - region.a);
      row.number(region.share);
      row.text(std::string(version()));
      text += row.line();
    }
  }
  return text;
}

ordered_json model_json(const ModelResults& model, double scale) {
  return {{"folder", model.folder.string()},
          {"model", model.model},
          {"sha256", model.hashes},
          {"scale", scale}};
}

std::string summary_text(std::span<const ModelComparison> comparisons,
                         const CompareOptions& options) {
  ordered_json json{
      {"format", "relax-spectro comparison"},
      {"format_version", 1},
      {"tool_version", version()},
      {"options",
       {{"seed", options.seed},
        {"ignore_options", options.ignore_options},
        {"clusters", options.clusters ? ordered_json(*options.clusters) : ordered_json()}}}};
  for (const ModelComparison& comparison : comparisons) {
    json["comparisons"].push_back({{"a", model_json(comparison.results.a, comparison.scale_a)},
                                   {"b", model_json(comparison.results.b, comparison.scale_b)},
                                   {"recordings", comparison.recordings.size()},
                                   {"groups", comparison.units},
                                   {"regions", comparison.regions.size()},
                                   {"clusters", comparison.clusters.size()},
                                   {"verdict", verdict_of(comparison)},
                                   {"notes", comparison.results.notes}});
  }
  return core::json_text(json) + "\n";
}

}  // namespace

OutputFiles compare_files(const std::filesystem::path& folder, const std::string& figure_format,
                          Overwrite overwrite) {
  return {folder / "",
          "comparison",
          {kProfileCsv, kRecordingsCsv, kClustersCsv, kRegionsCsv, kPage},
          figure_format,
          overwrite};
}

void write_comparisons(OutputFiles& files, std::span<const ModelComparison> comparisons,
                       const CompareOptions& options, const std::string& page) {
  files.write(kProfileCsv, profile_csv(comparisons));
  files.write(kRecordingsCsv, recordings_csv(comparisons));
  files.write(kClustersCsv, clusters_csv(comparisons));
  files.write(kRegionsCsv, regions_csv(comparisons));
  files.write(kPage, page);
  files.commit(summary_text(comparisons, options));
}

}  // namespace relax_spectro
