#include "space/space_file.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/finite_mean.hpp"
#include "base/name_numbers.hpp"
#include "files/csv_cell.hpp"
#include "files/csv_row.hpp"
#include "files/json_text.hpp"
#include "probe/report_json.hpp"
#include "relax_spectro/base/version.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

constexpr const char* kRecordingsCsv = ".space.csv";
constexpr const char* kNeighboursCsv = ".neighbours.csv";
constexpr const char* kLabelsCsv = ".labels.csv";
constexpr const char* kTwinsCsv = ".twins.csv";
constexpr const char* kClustersCsv = ".clusters.csv";
constexpr const char* kReachCsv = ".reach.csv";

/// Nothing if it is not a number.
std::optional<double> known_number(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::string summary_text(const Space& space, const ProbeData& data,
                         const RecordingEmbeddings& embeddings, const SpaceOptions& options,
                         const std::filesystem::path& table) {
  const Purity& purity = space.purity;
  ordered_json json{{"format", "relax-spectro space"},
                    {"format_version", 1},
                    {"tool_version", version()},
                    {"embeddings", embeddings.path.string()},
                    {"table", table.string()},
                    {"model",
                     {{"path", embeddings.model_path},
                      {"sha256", embeddings.model_sha256},
                      {"name", embeddings.model_name}}},
                    {"options",
                     {{"neighbours", options.neighbours},
                      {"seed", options.seed},
                      {"project", to_string(options.projection)}}},
                    {"labels", data.labels},
                    {"recordings", data.files.size()},
                    {"groups", data.groups.size()},
                    {"without_label", data.without_label},
                    {"verdict", space_text(space, data)},
                    {"twins", space.twins.size()}};
  json["purity"] = {{"value", purity.value},
                    {"interval", interval_json(purity.interval)},
                    {"chance", purity.chance},
                    {"p", purity.p}};
  json["vote_accuracy"] = {{"neighbours", purity.voters},
                           {"value", purity.vote_accuracy},
                           {"interval", interval_json(purity.vote_interval)}};
  json["silhouette"] = core::finite_mean(space.silhouettes);
  json["hubness"] = space.hubness;
  const ClusterStudy& study = space.clusters;
  json["clusters"] = {{"stability", study.stability}, {"found", nullptr}};
  if (study.clusters) {
    json["clusters"]["found"] = {{"number", study.summaries.size()},
                                 {"silhouette", core::finite_mean(study.silhouettes)},
                                 {"rand_index", study.rand_index}};
  }
  const bool is_tsne = space.picture.projection == Projection::tsne;
  json["picture"] = {{"shares", space.picture.axes.shares},
                     {"divergence", is_tsne ? ordered_json(space.picture.divergence) : nullptr},
                     {"trustworthiness", space.picture.trustworthiness},
                     {"continuity", space.picture.continuity}};
  json["mean"] = space.mean;
  return core::json_text(json) + "\n";
}

std::string recordings_csv(const Space& space, const ProbeData& data) {
  std::string text =
      "file,label,group,purity,vote,silhouette,nearest_other,nearest_other_label,margin,"
      "times_neighbour,cluster,cluster_silhouette,x,y,relax_spectro\n";
  for (std::size_t i = 0; i < data.files.size(); ++i) {
    const RowNeighbours& near = space.neighbours[i];
    core::CsvRow row;
    row.text(data.files[i]);
    row.text(data.labels[data.rows.classes[i]]);
    row.text(data.groups[data.rows.groups[i]]);
    row.number(known_number(space.purity.of_row[i]));
    row.text(near.nearest.empty() ? "" : data.labels[space.purity.vote[i]]);
    row.number(space.silhouettes[i]);
    row.text(near.other_label ? data.files[near.other_label->row] : "");
    row.text(near.other_label ? data.labels[data.rows.classes[near.other_label->row]] : "");
    const bool has_both = near.same_label && near.other_label;
    row.number(has_both ? std::optional(near.same_label->cosine - near.other_label->cosine)
                        : std::nullopt);
    row.count(space.times_neighbour[i]);
    const ClusterStudy& study = space.clusters;
    row.count(study.clusters ? std::optional(study.clusters->of_row[i] + 1) : std::nullopt);
    row.number(study.clusters ? std::optional(study.silhouettes[i]) : std::nullopt);
    for (const double coordinate : space.picture.points.row(i)) row.number(coordinate);
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

std::string neighbours_csv(const Space& space, const ProbeData& data) {
  std::string text = "file,rank,neighbour,cosine,same_label,relax_spectro\n";
  for (std::size_t i = 0; i < data.files.size(); ++i) {
    const std::vector<Neighbour>& nearest = space.neighbours[i].nearest;
    for (std::size_t rank = 0; rank < nearest.size(); ++rank) {
      const std::size_t other = nearest[rank].row;
      core::CsvRow row;
      row.text(data.files[i]);
      row.count(rank + 1);
      row.text(data.files[other]);
      row.number(nearest[rank].cosine);
      row.count(std::size_t{data.rows.classes[other] == data.rows.classes[i]});
      row.text(std::string(version()));
      text += row.line();
    }
  }
  return text;
}

std::string labels_csv(const Space& space, const ProbeData& data) {
  std::string text = "label,recordings,groups,purity,silhouette,bridges";
  for (const std::size_t k : space.label_order) {
    text += ',' + core::csv_cell("cosine " + data.labels[k]);
  }
  text += ",relax_spectro\n";
  for (const std::size_t k : space.label_order) {
    std::vector<double> purities;
    std::vector<double> silhouettes;
    std::vector<std::size_t> groups;
    std::size_t bridges = 0;
    for (std::size_t i = 0; i < data.files.size(); ++i) {
      if (data.rows.classes[i] != k) continue;
      purities.push_back(space.purity.of_row[i]);
      silhouettes.push_back(space.silhouettes[i]);
      groups.push_back(data.rows.groups[i]);
      if (space.purity.vote[i] != k) ++bridges;
    }
    core::CsvRow row;
    row.text(data.labels[k]);
    row.count(purities.size());
    row.count(core::numbers_of(groups).size());
    row.number(core::finite_mean(purities));
    row.number(core::finite_mean(silhouettes));
    row.count(bridges);
    for (const std::size_t j : space.label_order) row.number(space.label_cosines(k, j));
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

std::string twins_csv(const Space& space, const ProbeData& data) {
  std::string text =
      "file,twin,cosine,correlation,label,twin_label,group,twin_group,relax_spectro\n";
  for (const Twins& twins : space.twins) {
    core::CsvRow row;
    row.text(data.files[twins.first]);
    row.text(data.files[twins.second]);
    row.number(twins.cosine);
    row.number(twins.correlation);
    row.text(data.labels[data.rows.classes[twins.first]]);
    row.text(data.labels[data.rows.classes[twins.second]]);
    row.text(data.groups[data.rows.groups[twins.first]]);
    row.text(data.groups[data.rows.groups[twins.second]]);
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

std::string clusters_csv(const Space& space, const ProbeData& data) {
  std::string text = "cluster,recordings,labels,medoid,silhouette,excess,relax_spectro\n";
  const ClusterStudy& study = space.clusters;
  for (std::size_t k = 0; k < study.summaries.size(); ++k) {
    const ClusterSummary& one = study.summaries[k];
    std::vector<double> of_cluster;
    for (const std::size_t i : one.rows) of_cluster.push_back(study.silhouettes[i]);
    core::CsvRow row;
    row.count(k + 1);
    row.count(one.rows.size());
    row.text(labels_text(one, data));
    row.text(data.files[one.medoid]);
    row.number(core::finite_mean(of_cluster));
    row.text(excess_text(one));
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

}  // namespace

OutputFiles space_files(const std::filesystem::path& name, const std::string& figure_format,
                        Overwrite overwrite) {
  return {name,
          ".space",
          {kRecordingsCsv, kNeighboursCsv, kLabelsCsv, kTwinsCsv, kClustersCsv, kReachCsv},
          figure_format,
          overwrite};
}

void write_space(OutputFiles& files, const Space& space, const ProbeData& data,
                 const RecordingEmbeddings& embeddings, const SpaceOptions& options,
                 const std::filesystem::path& table) {
  files.write(kRecordingsCsv, recordings_csv(space, data));
  files.write(kNeighboursCsv, neighbours_csv(space, data));
  files.write(kLabelsCsv, labels_csv(space, data));
  files.write(kTwinsCsv, twins_csv(space, data));
  files.write(kClustersCsv, clusters_csv(space, data));
  files.write(kReachCsv, reach_csv(space.reaches));
  files.commit(summary_text(space, data, embeddings, options, table));
}

}  // namespace relax_spectro
