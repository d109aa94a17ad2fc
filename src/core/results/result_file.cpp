#include "relax_spectro/results/result_file.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "files/json_text.hpp"
#include "relax_spectro/files/npz.hpp"
#include "results/result_commit.hpp"
#include "results/result_format.hpp"
#include "results/result_json.hpp"

namespace relax_spectro {
namespace {

using core::shape_json;
using nlohmann::ordered_json;

std::size_t masks_evaluated(const Explanation& explanation) {
  std::size_t count = 0;
  for (const SizeSummary& size : explanation.sizes) count += size.masks;
  if (!explanation.sizes.empty()) return count;
  for (const WindowSummary& window : explanation.windows) count += window.masks;
  return count;
}

/// What a window sweep showed, size by size.
ordered_json sizes_json(const Explanation& explanation) {
  ordered_json list = ordered_json::array();
  for (const SizeSummary& size : explanation.sizes) {
    const TimeFrequencyBox& box = size.largest_drop_at;
    list.push_back({{"window", to_string(size.window)},
                    {"stride", to_string(size.stride)},
                    {"most_bins", shape_json(size.most_bins)},
                    {"fewest_bins", shape_json(size.fewest_bins)},
                    {"positions", shape_json(size.positions)},
                    {"masks", size.masks},
                    {"mean_drop", size.mean_drop},
                    {"largest_drop", size.largest_drop},
                    {"largest_drop_at",
                     {{"begin_s", box.begin_s},
                      {"end_s", box.end_s},
                      {"low_hz", box.low_hz},
                      {"high_hz", box.high_hz}}}});
  }
  return list;
}

ordered_json windows_json(const Explanation& explanation) {
  ordered_json list = ordered_json::array();
  for (const WindowSummary& window : explanation.windows) {
    ordered_json json = core::window_json(explanation.spectrogram, window.frames);
    json.update({{"masks", window.masks},
                 {"blocks", window.blocks},
                 {"unmasked_score", window.unmasked_score},
                 {"score_mean", window.score_mean},
                 {"score_sd", window.score_sd},
                 {"noise_to_contrast", core::number_or_null(window.noise_to_contrast)},
                 {"silent_frames", window.silent_frames}});
    if (window.class_index) json["class_index"] = *window.class_index;
    if (!window.heard.empty()) json["heard"] = core::heard_json(window.heard);
    list.push_back(json);
  }
  return list;
}

ordered_json result_json(const Explanation& explanation, const ExplainOptions& options,
                         const ModelCard& card, const Provenance& provenance) {
  ordered_json json =
      core::made_by_json(core::kResultFormat, options, explanation.method, card, provenance);
  json["masks_evaluated"] = masks_evaluated(explanation);
  json["noise_to_contrast"] = core::number_or_null(explanation.saliency.noise_to_contrast);
  json["unresolved_windows"] = std::ranges::count_if(
      explanation.windows, [](const WindowSummary& window) { return !window.resolved(); });
  json["windows"] = windows_json(explanation);
  if (!explanation.sizes.empty()) {
    json["sizes"] = sizes_json(explanation);
    json["steepest_size"] = explanation.steepest_size;
  }
  json["warnings"] = explanation.warnings;
  json["engine"] = core::engine_json(explanation.method.engine);
  json["seconds"] = provenance.seconds;
  return json;
}

void add_map(NpzWriter& writer, const std::string& name, const Array2d<double>& map) {
  writer.add(name, {map.rows, map.columns}, std::span<const double>(map.values));
}

/// The maps of all sizes of a sweep, one after the other.
void add_sizes(NpzWriter& writer, const std::vector<SizeSummary>& sizes) {
  std::vector<double> maps;
  for (const SizeSummary& size : sizes) {
    maps.insert(maps.end(), size.importance.values.begin(), size.importance.values.end());
  }
  const Array2d<double>& first = sizes.front().importance;
  writer.add("size_importance", {sizes.size(), first.rows, first.columns},
             std::span<const double>(maps));
}

void write_arrays(const std::filesystem::path& path, const Explanation& explanation) {
  const Spectrogram& spectrogram = explanation.spectrogram;
  NpzWriter writer;
  add_map(writer, "importance", explanation.saliency.importance);
  add_map(writer, "contrast", explanation.contrast);
  add_map(writer, "uncertainty", explanation.saliency.uncertainty);
  add_map(writer, "standard_error", explanation.saliency.standard_error);
  add_map(writer, "u_relax", explanation.u_relax);
  if (explanation.repeat) {
    add_map(writer, "repeat_probability", explanation.repeat->probability);
    add_map(writer, "repeat_uncertainty", explanation.repeat->uncertainty);
  }
  writer.add("spectrogram", {spectrogram.values.rows, spectrogram.values.columns},
             std::span<const float>(spectrogram.values.values));
  writer.add("time_s", {spectrogram.time_s.size()}, std::span<const double>(spectrogram.time_s));
  writer.add("frequency_hz", {spectrogram.frequency_hz.size()},
             std::span<const double>(spectrogram.frequency_hz));
  add_map(writer, "scores", explanation.scores);
  if (explanation.sizes.size() > 1) add_sizes(writer, explanation.sizes);
  writer.write(path);
}

}  // namespace

void write_result(const std::filesystem::path& stem, const Explanation& explanation,
                  const ExplainOptions& options, const ModelCard& card,
                  const Provenance& provenance, Overwrite overwrite, OutputFile* figure) {
  OutputFile arrays(stem.string() + ".npz", overwrite);
  write_arrays(arrays.temporary_path(), explanation);
  OutputFile summary(stem.string() + ".json", overwrite);
  summary.write(core::json_text(result_json(explanation, options, card, provenance)) + "\n");
  core::commit_result(arrays, figure, summary);
}

}  // namespace relax_spectro
