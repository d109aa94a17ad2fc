#include "relax_spectro/result_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <span>

#include "relax_spectro/npz.hpp"
#include "relax_spectro/version.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

constexpr int kFormatVersion = 1;

ordered_json optional_number(const std::optional<double>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

ordered_json options_json(const ExplainOptions& options) {
  ordered_json json{{"masks", options.masks},
                    {"seed", options.seed},
                    {"grid", {{"frequency", options.grid.rows}, {"time", options.grid.columns}}},
                    {"keep_probability", options.keep_probability},
                    {"mask_law", "random"},
                    {"mask_design", options.masks_file ? "file" : "independent"},
                    {"fill", to_string(options.fill)},
                    {"score", to_string(options.score)},
                    {"estimator", to_string(options.estimator)},
                    {"uncertainty", to_string(options.uncertainty)},
                    {"batch_size", options.batch_size},
                    {"hop_s", optional_number(options.hop_s)}};
  if (options.masks_file) {
    json["masks_file"] = options.masks_file->string();
    for (const char* drawn : {"masks", "seed", "grid", "keep_probability"}) json.erase(drawn);
  }
  return json;
}

ordered_json windows_json(const Explanation& explanation) {
  ordered_json list = ordered_json::array();
  for (const WindowSummary& window : explanation.windows) {
    const std::size_t last = window.frames.begin + window.frames.count - 1;
    list.push_back({{"begin_frame", window.frames.begin},
                    {"frames", window.frames.count},
                    {"first_frame_s", explanation.spectrogram.time_s[window.frames.begin]},
                    {"last_frame_s", explanation.spectrogram.time_s[last]},
                    {"score_mean", window.score_mean},
                    {"score_sd", window.score_sd},
                    {"noise_to_contrast", optional_number(window.noise_to_contrast)}});
  }
  return list;
}

ordered_json result_json(const Explanation& explanation, const ExplainOptions& options,
                         const ModelCard& card, const Provenance& provenance) {
  return {{"format", "relax-spectro result"},
          {"format_version", kFormatVersion},
          {"tool_version", version()},
          {"command_line", provenance.command_line},
          {"runtime", provenance.runtime},
          {"input",
           {{"path", provenance.input_path.string()},
            {"sha256", provenance.input_sha256},
            {"sample_rate_hz", provenance.input_sample_rate_hz},
            {"duration_s", provenance.input_duration_s}}},
          {"model",
           {{"path", provenance.model_path.string()},
            {"sha256", provenance.model_sha256},
            {"card", ordered_json::parse(to_json(card))}}},
          {"options", options_json(options)},
          {"masks_evaluated", explanation.scores.rows * explanation.scores.columns},
          {"noise_to_contrast", optional_number(explanation.saliency.noise_to_contrast)},
          {"windows", windows_json(explanation)},
          {"warnings", explanation.warnings},
          {"seconds", provenance.seconds}};
}

void add_map(NpzWriter& writer, const std::string& name, const Array2d<double>& map) {
  writer.add(name, {map.rows, map.columns}, std::span<const double>(map.values));
}

void write_arrays(const std::filesystem::path& path, const Explanation& explanation) {
  const Spectrogram& spectrogram = explanation.spectrogram;
  NpzWriter writer;
  add_map(writer, "importance", explanation.saliency.importance);
  add_map(writer, "uncertainty", explanation.saliency.uncertainty);
  add_map(writer, "standard_error", explanation.saliency.standard_error);
  add_map(writer, "u_relax", explanation.u_relax);
  writer.add("spectrogram", {spectrogram.values.rows, spectrogram.values.columns},
             std::span<const float>(spectrogram.values.values));
  writer.add("time_s", {spectrogram.time_s.size()}, std::span<const double>(spectrogram.time_s));
  writer.add("frequency_hz", {spectrogram.frequency_hz.size()},
             std::span<const double>(spectrogram.frequency_hz));
  add_map(writer, "scores", explanation.scores);
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
  summary.write(result_json(explanation, options, card, provenance).dump(2) + "\n");
  arrays.commit();
  summary.commit();
}

}  // namespace relax_spectro
