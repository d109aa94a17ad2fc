#include "results/sanity_file.hpp"

#include <nlohmann/json.hpp>
#include <span>

#include "files/json_text.hpp"
#include "files/npz.hpp"
#include "results/result_commit.hpp"
#include "results/result_fields.hpp"
#include "results/result_json.hpp"

namespace relax_spectro {
namespace {

using core::number_or_null;
using nlohmann::ordered_json;

using Maps = std::vector<const Array2d<double>*>;

/// The values of several maps, concatenated.
std::vector<double> joined(const Maps& maps) {
  std::vector<double> values;
  for (const auto* map : maps) {
    values.insert(values.end(), map->values.begin(), map->values.end());
  }
  return values;
}

void write_arrays(const std::filesystem::path& path, const SanityCheck& check) {
  const std::size_t rows = check.model[0].rows;
  const std::size_t columns = check.model[0].columns;
  NpzWriter writer;
  writer.add("model", {2, rows, columns},
             std::span<const double>(joined({&check.model[0], &check.model[1]})));
  Maps shuffled;
  for (const WholeShuffle& shuffle : check.shuffles) {
    shuffled.insert(shuffled.end(), {&shuffle.map.contrast, &shuffle.second_seed});
  }
  writer.add("shuffled", {check.shuffles.size(), 2, rows, columns},
             std::span<const double>(joined(shuffled)));
  Maps cascade;
  for (const ShuffledMap& stage : check.stages) cascade.push_back(&stage.contrast);
  if (!cascade.empty()) {
    writer.add("cascade", {cascade.size(), rows, columns},
               std::span<const double>(joined(cascade)));
  }
  const Spectrogram& spectrogram = check.spectrogram;
  writer.add("time_s", {spectrogram.time_s.size()}, std::span<const double>(spectrogram.time_s));
  writer.add("frequency_hz", {spectrogram.frequency_hz.size()},
             std::span<const double>(spectrogram.frequency_hz));
  writer.write(path);
}

ordered_json similarity_json(const MapSimilarity& similarity) {
  return {{"pearson", number_or_null(similarity.pearson)},
          {"spearman", number_or_null(similarity.spearman)}};
}

ordered_json map_json(const ShuffledMap& map) {
  ordered_json json{{"reacts", map.reacts}};
  json.update(similarity_json(map.to_model));
  return json;
}

std::string_view to_string(ShuffleOutcome outcome) {
  if (outcome == ShuffleOutcome::tells) return "tells";
  return outcome == ShuffleOutcome::constant ? "constant" : "noise";
}

ordered_json shuffles_json(const SanityCheck& check, std::uint64_t first_seed) {
  ordered_json list = ordered_json::array();
  for (const WholeShuffle& shuffle : check.shuffles) {
    ordered_json json{{"shuffle_seed", first_seed + list.size()}};
    json.update(map_json(shuffle.map));
    json["two_seeds"] = similarity_json(shuffle.seeds);
    json["outcome"] = to_string(shuffle.outcome());
    json["stays"] = number_or_null(check.what_stays(shuffle));
    list.push_back(json);
  }
  return list;
}

ordered_json cascade_json(const SanityCheck& check, const std::vector<std::string>& layers) {
  ordered_json list = ordered_json::array();
  for (const ShuffledMap& stage : check.stages) {
    ordered_json json{{"shuffled_layers", stage.layers},
                      {"from_layer", layers.at(layers.size() - stage.layers)}};
    json.update(map_json(stage));
    list.push_back(json);
  }
  return list;
}

ordered_json passes_json(SanityVerdict verdict) {
  if (verdict == SanityVerdict::inconclusive) return nullptr;
  return verdict == SanityVerdict::passes;
}

ordered_json sanity_json(const SanityCheck& check, const ExplainOptions& options,
                         const ModelCard& card, const SanitySource& source) {
  core::FieldWriter making = core::formatted_writer(core::kSanityFormat);
  core::describe_making(making, source.provenance, card, options, check.method);
  ordered_json json = making.take();
  json["result"] = core::FieldWriter::json_of(source.result);
  json["seeds"] = {options.masks.seed, options.masks.seed + 1};
  json["shuffled_runtime"] = source.shuffled_runtime;
  json["layers"] = source.layers;
  json["two_seeds"] = similarity_json(check.seeds);
  json["shuffles"] = shuffles_json(check, source.shuffle_seed);
  json["shuffles_that_tell"] = check.count(ShuffleOutcome::tells);
  json["set_aside"] = {{"constant", check.count(ShuffleOutcome::constant)},
                       {"noise", check.count(ShuffleOutcome::noise)}};
  json["mean_that_stays"] = number_or_null(check.mean_that_stays());
  json["cascade"] = cascade_json(check, source.layers);
  json["passes"] = passes_json(check.verdict());
  json["verdict"] = verdict_of(check);
  json["masks_evaluated"] = check.masks;
  json["warnings"] = check.warnings;
  return json;
}

}  // namespace

void write_sanity(const std::filesystem::path& stem, const SanityCheck& check,
                  const ExplainOptions& options, const ModelCard& card, const SanitySource& source,
                  Overwrite overwrite, OutputFile* figure) {
  OutputFile arrays(stem.string() + ".npz", overwrite);
  write_arrays(arrays.temporary_path(), check);
  OutputFile summary(stem.string() + ".json", overwrite);
  summary.write(core::json_text(sanity_json(check, options, card, source)) + "\n");
  core::commit_result(arrays, figure, summary);
}

namespace core {

template <typename Fields>
void describe(Fields& fields, Value<Fields, SanitySummary>& summary) {
  fields("passes", summary.passes);
  fields("verdict", summary.verdict);
  fields.object("result", [&](auto& result) { result("sha256", summary.result_sha256); });
  fields("command_line", summary.command_line);
  fields("warnings", summary.warnings);
}

}  // namespace core

SanitySummary read_sanity_summary(const std::filesystem::path& path) {
  SanitySummary summary;
  core::read_formatted(path, core::kSanityFormat, summary);
  return summary;
}

}  // namespace relax_spectro
