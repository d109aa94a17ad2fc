#include "relax_spectro/results/flip_file.hpp"

#include <nlohmann/json.hpp>
#include <span>

#include "files/json_text.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/evaluation/flip_verdict.hpp"
#include "relax_spectro/files/npz.hpp"
#include "results/result_commit.hpp"
#include "results/result_format.hpp"
#include "results/result_json.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

void write_arrays(const std::filesystem::path& path, const Flipping& flipping) {
  NpzWriter writer;
  writer.add("fraction", {flipping.fraction.size()}, std::span<const double>(flipping.fraction));
  for (const FlipCurve& curve : flipping.curves) {
    const std::span<const double> scores(curve.scores.values);
    const bool several = curve.name == "random";
    writer.add(curve.name,
               several ? std::vector{curve.scores.rows, curve.scores.columns}
                       : std::vector{curve.scores.columns},
               scores);
  }
  writer.write(path);
}

ordered_json gains_json(const FlipGains& gains) {
  return {{"morf_lerf_gap", gains.morf_lerf_gap}, {"over_random", gains.over_random},
          {"random_sd", gains.random_sd},         {"random_orders", gains.random_orders},
          {"better_than", gains.better_than},     {"over_amplitude", gains.over_amplitude}};
}

ordered_json flip_json(const Flipping& flipping, const FlipOptions& options,
                       const FlipSource& source) {
  ordered_json json{{"format", core::kFlipFormat},
                    {"format_version", core::kResultFormatVersion},
                    {"tool_version", version()},
                    {"command_line", source.command_line},
                    {"runtime", source.runtime},
                    {"result", core::source_json(source.result)},
                    {"input", core::source_json(source.input)},
                    {"model", core::source_json(source.model)},
                    {"options", core::flip_options_json(options, flipping.step_size, source.map)}};
  for (const FlipCurve& curve : flipping.curves) json["auc"][curve.name] = curve.mean_auc();
  if (flipping.gains) {
    json["gains"] = gains_json(*flipping.gains);
    json["beats_loudness"] = flipping.gains->beats_loudness();
    json["beats_chance"] = flipping.gains->beats_chance();
    json["verdict"] = verdict_of(*flipping.gains);
  }
  json["warnings"] = flipping.engine.warnings;
  json["engine"] = core::engine_json(flipping.engine);
  json["seconds"] = source.seconds;
  return json;
}

}  // namespace

nlohmann::ordered_json core::flip_options_json(const FlipOptions& options, std::size_t step_size,
                                               const std::string& map) {
  ordered_json json{
      {"map", map},
      {"protocol", to_string(options.protocol)},
      {"unit", to_string(options.unit)},
      {"steps", options.step_size ? ordered_json(nullptr) : ordered_json(options.steps)},
      {"step_size", step_size},
      {"score", to_string(options.score)},
      {"random_orders", options.random_orders},
      {"seed", options.seed}};
  if (options.unit == FlipUnit::cells) json["cells"] = shape_json(options.grid);
  if (options.protocol != FlipProtocol::rise) json["fill"] = to_string(options.fill);
  return json;
}

void write_flipping(const std::filesystem::path& stem, const Flipping& flipping,
                    const FlipOptions& options, const FlipSource& source, Overwrite overwrite,
                    OutputFile* figure) {
  OutputFile arrays(stem.string() + ".npz", overwrite);
  write_arrays(arrays.temporary_path(), flipping);
  OutputFile summary(stem.string() + ".json", overwrite);
  summary.write(core::json_text(flip_json(flipping, options, source)) + "\n");
  core::commit_result(arrays, figure, summary);
}

}  // namespace relax_spectro
