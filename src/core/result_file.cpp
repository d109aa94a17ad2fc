#include "relax_spectro/result_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <vector>

#include "json_text.hpp"
#include "relax_spectro/npz.hpp"
#include "relax_spectro/version.hpp"
#include "result_format.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

ordered_json optional_number(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json shape_json(Shape2d shape) {
  return {{"frequency", shape.rows}, {"time", shape.columns}};
}

/// A number where all batches are of one size, else the sizes as --batch-size takes them.
ordered_json batch_size_json(const BatchSchedule& batches) {
  if (batches.empty()) return nullptr;
  if (batches.is_constant()) return batches.size_of(0);
  return batches.to_string();
}

ordered_json asked_windows_json(const std::vector<SweptWindow>& windows) {
  ordered_json list = ordered_json::array();
  for (const SweptWindow& window : windows) {
    list.push_back({{"window", to_string(window.size)},
                    {"stride", window.stride ? ordered_json(to_string(*window.stride))
                                             : ordered_json(nullptr)}});
  }
  return list;
}

/// Where the masks are from: drawn, swept, or a file.
ordered_json masks_json(const MaskOptions& masks, const Explanation& explanation,
                        const Provenance& provenance) {
  ordered_json json{{"family", to_string(masks.family)}};
  if (masks.is_automatic()) {
    json["count"] = "auto";
    json["tolerance"] = masks.automatic.tolerance;
    json["most_masks"] = masks.automatic.most_masks;
  } else if (masks.count && !masks.listed && masks.family != MaskFamily::window) {
    json["count"] = *masks.count;
  }
  if (masks.listed) {
    json["design"] = "listed";
    json["grid"] = shape_json(masks.listed->grid);
    json["edges"] = to_string(explanation.method.layout.edges);
    json["even_in_hertz"] = explanation.method.layout.even_in_hertz;
    if (provenance.masks_file) {
      json["file"] = provenance.masks_file->string();
      json["sha256"] = sha256_of_file(*provenance.masks_file);
    }
  } else if (masks.family == MaskFamily::window) {
    json["design"] = "sweep";
    json["windows"] = asked_windows_json(masks.windows);
  } else {
    const Shape2d cells = explanation.method.law.grid();
    json["design"] = to_string(masks.resolved_design(cells));
    json["grid"] = shape_json(cells);
    json["grid_asked"] = to_string(masks.grid);
    json["edges"] = to_string(masks.edges);
    json["keep_probability"] = masks.keep_probability;
  }
  json["seed"] = masks.seed;
  return json;
}

ordered_json options_json(const ExplainOptions& options, const Explanation& explanation,
                          const Provenance& provenance) {
  return {{"masks", masks_json(options.masks, explanation, provenance)},
          {"fill", to_string(options.fill)},
          {"score", to_string(options.score)},
          {"reference", provenance.reference_path
                            ? ordered_json{{"path", provenance.reference_path->string()},
                                           {"sha256", sha256_of_file(*provenance.reference_path)}}
                            : ordered_json(nullptr)},
          {"estimator", to_string(explanation.method.estimator)},
          {"uncertainty", to_string(options.uncertainty)},
          {"hop_s", explanation.method.hop_s},
          {"device", provenance.model_options.device},
          {"optimise", provenance.model_options.optimise},
          {"batch_size", batch_size_json(explanation.method.engine.batches)},
          {"workers", explanation.method.engine.workers},
          {"threads", explanation.method.engine.threads}};
}

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
    const std::size_t last = window.frames.begin + window.frames.count - 1;
    list.push_back({{"begin_frame", window.frames.begin},
                    {"frames", window.frames.count},
                    {"first_frame_s", explanation.spectrogram.time_s[window.frames.begin]},
                    {"last_frame_s", explanation.spectrogram.time_s[last]},
                    {"masks", window.masks},
                    {"blocks", window.blocks},
                    {"unmasked_score", window.unmasked_score},
                    {"score_mean", window.score_mean},
                    {"score_sd", window.score_sd},
                    {"noise_to_contrast", optional_number(window.noise_to_contrast)}});
    if (window.class_index) list.back()["class_index"] = *window.class_index;
  }
  return list;
}

ordered_json result_json(const Explanation& explanation, const ExplainOptions& options,
                         const ModelCard& card, const Provenance& provenance) {
  return {{"format", core::kResultFormat},
          {"format_version", core::kResultFormatVersion},
          {"tool_version", version()},
          {"command_line", provenance.command_line},
          {"runtime", provenance.runtime},
          {"input",
           {{"path", provenance.input_path.string()},
            {"sha256", provenance.input_sha256},
            {"sample_rate_hz", provenance.input_sample_rate_hz},
            {"duration_s", provenance.input_duration_s},
            {"channel", provenance.input_channel ? ordered_json(*provenance.input_channel)
                                                 : ordered_json("mean")}}},
          {"model",
           {{"path", provenance.model_path.string()},
            {"sha256", provenance.model_sha256},
            {"card", ordered_json::parse(to_json(card))}}},
          {"options", options_json(options, explanation, provenance)},
          {"masks_evaluated", masks_evaluated(explanation)},
          {"noise_to_contrast", optional_number(explanation.saliency.noise_to_contrast)},
          {"unresolved_windows",
           std::count_if(explanation.windows.begin(), explanation.windows.end(),
                         [](const WindowSummary& window) { return !window.resolved(); })},
          {"windows", windows_json(explanation)},
          {"warnings", explanation.warnings},
          {"engine",
           {{"windows", explanation.method.engine.windows},
            {"seconds", explanation.method.engine.seconds},
            {"forward_share", explanation.method.engine.forward_share()}}},
          {"seconds", provenance.seconds}};
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
                  const Provenance& provenance, Overwrite overwrite) {
  const std::filesystem::path arrays_path = stem.string() + ".npz";
  OutputFile arrays(arrays_path, overwrite);
  write_arrays(arrays.temporary_path(), explanation);
  // The JSON comes last: where it is there, the result is whole.
  OutputFile summary(stem.string() + ".json", overwrite);
  ordered_json json = result_json(explanation, options, card, provenance);
  if (!explanation.sizes.empty()) {
    json["sizes"] = sizes_json(explanation);
    json["steepest_size"] = explanation.steepest_size;
  }
  summary.write(core::json_text(json) + "\n");
  arrays.commit();
  summary.commit();
}

}  // namespace relax_spectro
