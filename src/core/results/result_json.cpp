#include "results/result_json.hpp"

#include <string>
#include <vector>

#include "files/json_text.hpp"
#include "relax_spectro/base/version.hpp"
#include "results/result_format.hpp"

namespace relax_spectro::core {
namespace {

using nlohmann::ordered_json;

/// A number, or, where batches are fused, text that --batch-size takes.
ordered_json batch_size_json(BatchForm form) {
  return form.fused ? ordered_json(to_string(form)) : ordered_json(form.size);
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
ordered_json masks_json(const MaskOptions& masks, const ResolvedMethod& method,
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
    json["edges"] = to_string(method.layout.edges);
    json["even_in_hertz"] = method.layout.even_in_hertz;
    if (provenance.masks_file) {
      json["file"] = provenance.masks_file->path.string();
      json["sha256"] = provenance.masks_file->sha256;
    }
  } else if (masks.family == MaskFamily::window) {
    json["design"] = "sweep";
    json["windows"] = asked_windows_json(masks.windows);
  } else {
    const Shape2d cells = method.law.grid();
    json["design"] = to_string(masks.resolved_design(cells));
    json["grid"] = shape_json(cells);
    json["grid_asked"] = to_string(masks.grid);
    json["edges"] = to_string(masks.edges);
    json["keep_probability"] = masks.keep_probability;
  }
  json["seed"] = masks.seed;
  json["seed_by"] = to_string(masks.seed_by);
  json["effective_seed"] = masks.effective_seed();
  return json;
}

ordered_json repeat_json(const std::optional<RepeatOptions>& repeat) {
  if (!repeat) return nullptr;
  return {{"replicates", repeat->replicates}, {"threshold", to_string(repeat->threshold)}};
}

}  // namespace

nlohmann::ordered_json source_json(const SourceFile& file) {
  return {{"path", file.path.string()}, {"sha256", file.sha256}};
}

nlohmann::ordered_json shape_json(Shape2d shape) {
  return {{"frequency", shape.rows}, {"time", shape.columns}};
}

nlohmann::ordered_json options_json(const ExplainOptions& options, const ResolvedMethod& method,
                                    const Provenance& provenance) {
  return {{"masks", masks_json(options.masks, method, provenance)},
          {"fill", to_string(options.fill)},
          {"score", to_string(options.score)},
          {"reference",
           provenance.reference ? source_json(*provenance.reference) : ordered_json(nullptr)},
          {"estimator", to_string(method.estimator)},
          {"uncertainty", to_string(options.uncertainty)},
          {"repeat", repeat_json(options.repeat)},
          {"hop_s", method.hop_s},
          {"device", provenance.model_options.device},
          {"optimise", provenance.model_options.optimise},
          {"precision", to_string(provenance.model_options.precision)},
          {"batch_size", batch_size_json(method.engine.batch)},
          {"workers", method.engine.workers},
          {"threads", method.engine.threads}};
}

nlohmann::ordered_json made_by_json(std::string_view format, const ExplainOptions& options,
                                    const ResolvedMethod& method, const ModelCard& card,
                                    const Provenance& provenance) {
  ordered_json input = source_json(provenance.input);
  input["sample_rate_hz"] = provenance.input_sample_rate_hz;
  input["duration_s"] = provenance.input_duration_s;
  input["channel"] =
      provenance.input_channel ? ordered_json(*provenance.input_channel) : ordered_json("mean");
  ordered_json model = source_json(provenance.model);
  model["card"] = ordered_json::parse(to_json(card));
  return {{"format", format},
          {"format_version", kResultFormatVersion},
          {"tool_version", version()},
          {"command_line", provenance.command_line},
          {"runtime", provenance.runtime},
          {"input", input},
          {"model", model},
          {"options", options_json(options, method, provenance)}};
}

nlohmann::ordered_json engine_json(const EngineUse& use) {
  ordered_json engine{
      {"windows", use.windows}, {"seconds", use.seconds}, {"forward_share", use.forward_share()}};
  if (use.precision_deviation) engine["precision_deviation"] = *use.precision_deviation;
  return engine;
}

nlohmann::ordered_json heard_json(const std::vector<HeardClass>& heard) {
  ordered_json list = ordered_json::array();
  for (const HeardClass& one : heard) {
    ordered_json json{{"class", one.index}};
    if (!one.label.empty()) json["label"] = one.label;
    json["probability"] = number_or_null(one.probability);
    list.push_back(json);
  }
  return list;
}

nlohmann::ordered_json window_json(const Spectrogram& spectrogram, FrameRange frames) {
  return {{"begin_frame", frames.begin},
          {"frames", frames.count},
          {"first_frame_s", spectrogram.time_s[frames.begin]},
          {"last_frame_s", spectrogram.time_s[frames.begin + frames.count - 1]}};
}

}  // namespace relax_spectro::core
