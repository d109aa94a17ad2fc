#include "relax_spectro/sanity_file.hpp"

#include <nlohmann/json.hpp>
#include <span>

#include "json_text.hpp"
#include "relax_spectro/npz.hpp"
#include "result_json.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

void write_arrays(const std::filesystem::path& path, const SanityCheck& check) {
  const Array2d<double>& shape = check.model[0];
  NpzWriter writer;
  const auto add = [&](const std::string& name, const std::vector<const Array2d<double>*>& maps) {
    std::vector<double> values;
    for (const auto* map : maps) {
      values.insert(values.end(), map->values.begin(), map->values.end());
    }
    writer.add(name, {maps.size(), shape.rows, shape.columns}, std::span<const double>(values));
  };
  add("model", {&check.model[0], &check.model[1]});
  add("shuffled", {&check.shuffled[0], &check.shuffled[1]});
  std::vector<const Array2d<double>*> cascade;
  for (const ShuffledMap& stage : check.stages) cascade.push_back(&stage.contrast);
  add("cascade", cascade);
  const Spectrogram& spectrogram = check.spectrogram;
  writer.add("time_s", {spectrogram.time_s.size()}, std::span<const double>(spectrogram.time_s));
  writer.add("frequency_hz", {spectrogram.frequency_hz.size()},
             std::span<const double>(spectrogram.frequency_hz));
  writer.write(path);
}

ordered_json number_or_null(const std::optional<double>& number) {
  return number ? ordered_json(*number) : ordered_json(nullptr);
}

ordered_json similarity_json(const MapSimilarity& similarity) {
  return {{"pearson", number_or_null(similarity.pearson)},
          {"spearman", number_or_null(similarity.spearman)}};
}

ordered_json cascade_json(const SanityCheck& check, const std::vector<std::string>& layers) {
  ordered_json list = ordered_json::array();
  for (const ShuffledMap& stage : check.stages) {
    ordered_json json{{"shuffled_layers", stage.layers},
                      {"from_layer", layers.at(layers.size() - stage.layers)},
                      {"reacts", stage.reacts}};
    json.update(similarity_json(stage.to_model));
    list.push_back(json);
  }
  return list;
}

ordered_json passes_json(SanityVerdict verdict) {
  if (verdict == SanityVerdict::cannot_tell) return nullptr;
  return verdict == SanityVerdict::passes;
}

ordered_json sanity_json(const SanityCheck& check, const ExplainOptions& options,
                         const ModelCard& card, const SanitySource& source) {
  ordered_json json =
      core::made_by_json("relax-spectro sanity", options, check.method, card, source.provenance);
  json["seeds"] = {options.masks.seed, options.masks.seed + 1};
  json["shuffle_seed"] = source.shuffle_seed;
  json["shuffled_runtime"] = source.shuffled_runtime;
  json["layers"] = source.layers;
  json["two_seeds"] = similarity_json(check.seeds);
  json["shuffled_two_seeds"] = similarity_json(check.shuffled_seeds);
  json["cascade"] = cascade_json(check, source.layers);
  json["passes"] = passes_json(check.verdict());
  json["verdict"] = verdict_of(check);
  json["masks_evaluated"] = check.masks;
  json["warnings"] = check.warnings;
  json["seconds"] = source.provenance.seconds;
  return json;
}

}  // namespace

void write_sanity(const std::filesystem::path& stem, const SanityCheck& check,
                  const ExplainOptions& options, const ModelCard& card, const SanitySource& source,
                  Overwrite overwrite) {
  OutputFile arrays(stem.string() + ".npz", overwrite);
  write_arrays(arrays.temporary_path(), check);
  // The JSON comes last: where it is there, the result is whole.
  OutputFile summary(stem.string() + ".json", overwrite);
  summary.write(core::json_text(sanity_json(check, options, card, source)) + "\n");
  arrays.commit();
  summary.commit();
}

}  // namespace relax_spectro
