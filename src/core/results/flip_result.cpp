#include "results/flip_result.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "evaluation/flip_verdict.hpp"
#include "files/differing_fields.hpp"
#include "files/npz.hpp"
#include "results/result_arrays.hpp"
#include "results/result_commit.hpp"
#include "results/result_fields.hpp"
#include "results/result_json.hpp"

namespace relax_spectro {

namespace core {

static void parse_text(FieldText text, FlipProtocol& v) { v = parse_flip_protocol(text.text); }
static void parse_text(FieldText text, FlipUnit& v) { v = parse_flip_unit(text.text); }

template <typename Fields>
void describe(Fields& fields, Value<Fields, FlipOptions>& options) {
  fields("protocol", options.protocol);
  fields("unit", options.unit);
  fields("cells", options.grid);
  fields("steps", options.steps);
  fields("step_size", options.step_size);
  fields("random_orders", options.random_orders);
  fields("seed", options.seed);
  fields("fill", options.fill);
  fields("fill_seed", options.fill_seed);
  fields("score", options.score);
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, FlipGains>& gains) {
  fields("morf_lerf_gap", gains.morf_lerf_gap);
  fields("over_random", gains.over_random);
  fields("random_sd", gains.random_sd);
  fields("random_orders", gains.random_orders);
  fields("better_than", gains.better_than);
  fields("over_amplitude", gains.over_amplitude);
  fields("rounding", gains.rounding);
}

// In the order in which they are measured and drawn.
constexpr std::array kCurves{"morf",     "lerf",      "amplitude", "random",
                             "deletion", "insertion", "quantus"};

/// The mean areas of the curves that are present.
template <typename Fields>
void describe_areas(Fields& fields, Value<Fields, std::vector<FlipCurve>>& curves) {
  if constexpr (Fields::kWrites) {
    for (const FlipCurve& curve : curves) fields(curve.name.c_str(), curve.mean_auc());
  } else {
    for (const char* name : kCurves) {
      if (!fields.fields().has(name)) continue;
      fields(name, curves.emplace_back(FlipCurve{name, {}, {0.0}}).auc.front());
    }
  }
}

template <typename Fields>
void describe(Fields& fields, Value<Fields, FlipResult>& result) {
  fields("tool_version", result.source.tool_version);
  fields("command_line", result.source.command_line);
  fields("runtime", result.source.runtime);
  fields("result", result.source.result);
  fields("map", result.source.map);
  fields("input", result.source.input);
  fields.object("model", [&](auto& model) {
    describe(model, result.source.model);
    model.unless_empty("probe", result.source.probe);
  });
  fields("options", result.options);
  fields("step_size", result.flipping.step_size);
  fields.object("auc", [&](auto& areas) { describe_areas(areas, result.flipping.curves); });
  const std::optional<FlipGains>& gains = result.flipping.gains;
  fields("gains", result.flipping.gains);
  fields.derived("beats_loudness", gains ? std::optional(gains->beats_loudness()) : std::nullopt);
  fields.derived("beats_chance", gains ? std::optional(gains->beats_chance()) : std::nullopt);
  fields.derived("verdict", gains ? std::optional(verdict_of(*gains)) : std::nullopt);
  fields("warnings", result.flipping.engine.warnings);
  describe_engine(fields, result.source.model_options, result.flipping.engine);
  fields("seconds", result.source.seconds);
}

}  // namespace core

namespace {

void write_curves(const std::filesystem::path& path, const Flipping& flipping) {
  NpzWriter writer;
  writer.add("fraction", {flipping.fraction.size()}, std::span<const double>(flipping.fraction));
  for (const FlipCurve& curve : flipping.curves) {
    const bool several = curve.name == "random";
    writer.add(curve.name,
               several ? std::vector{curve.scores.rows, curve.scores.columns}
                       : std::vector{curve.scores.columns},
               std::span<const double>(curve.scores.values));
  }
  writer.write(path);
}

/// The scores of a curve with one order or several. @throws IoError  they do not match the steps.
Array2d<double> scores_of(NumericArray array, std::size_t steps, const std::string& name,
                          const std::filesystem::path& path) {
  const std::vector<std::size_t>& shape = array.shape;
  const bool fits =
      (shape.size() == 1 || (shape.size() == 2 && shape[0] > 0)) && shape.back() == steps;
  if (!fits) {
    throw IoError(fmt::format("{}: {} has shape ({}), expected ({}) or (orders, {}), as fraction",
                              path.string(), name, fmt::join(shape, ", "), steps, steps));
  }
  if (!std::ranges::all_of(array.values, [](double score) { return std::isfinite(score); })) {
    throw IoError(fmt::format("{}: {} has scores that are not finite", path.string(), name));
  }
  Array2d<double> scores;
  scores.rows = shape.size() == 1 ? 1 : shape[0];
  scores.columns = steps;
  scores.values = std::move(array.values);
  return scores;
}

/// The fields that describe what was tested and how, by their names in a flipping's JSON.
nlohmann::json question_of(const FlipResult& result) {
  const FlipSource& source = result.source;
  nlohmann::json question{{"options", core::FieldWriter::json_of(result.options)},
                          {"map", source.map},
                          {"result", {{"sha256", source.result.sha256}}},
                          {"input", {{"sha256", source.input.sha256}}},
                          {"model", {{"sha256", source.model.sha256}}},
                          {"precision", to_string(source.model_options.precision)}};
  if (source.probe) question["model"]["probe"]["sha256"] = source.probe->sha256;
  return question;
}

}  // namespace

void write_flip(const std::filesystem::path& stem, const FlipResult& result, Overwrite overwrite,
                OutputFile* figure) {
  OutputFile arrays(stem.string() + ".npz", overwrite);
  write_curves(arrays.temporary_path(), result.flipping);
  OutputFile summary(stem.string() + ".json", overwrite);
  summary.write(core::formatted_text(core::kFlipFormat, result));
  core::commit_result(arrays, figure, summary);
}

FlipResult read_flip(const std::filesystem::path& json_path) {
  FlipResult result;
  core::read_formatted(json_path, core::kFlipFormat, result);
  if (!result.flipping.curves.empty()) return result;
  throw IoError(fmt::format("{}: auc names no curve", json_path.string()));
}

void read_curves(const std::filesystem::path& json_path, Flipping& flipping) {
  std::filesystem::path path = json_path;
  path.replace_extension(".npz");
  flipping.fraction = core::ResultArrays(path, {"fraction"}).axis("fraction");
  std::set<std::string> names;
  for (const FlipCurve& curve : flipping.curves) names.insert(curve.name);
  auto arrays = read_npz(path, names);
  for (FlipCurve& curve : flipping.curves) {
    const auto found = arrays.find(curve.name);
    if (found == arrays.end()) {
      throw IoError(fmt::format("{}: holds no array {}, although its JSON names it", path.string(),
                                curve.name));
    }
    curve.scores = scores_of(std::move(found->second), flipping.fraction.size(), curve.name, path);
  }
}

const FlipGains* importance_gains(const FlipResult& result) {
  const bool is_of_importance =
      result.source.map == "importance" || result.source.map == "contrast";
  return is_of_importance && result.flipping.gains ? &*result.flipping.gains : nullptr;
}

std::optional<FlipGains> gains_beside(const std::filesystem::path& json_path) {
  std::filesystem::path path = json_path;
  path.replace_extension(".flip.json");
  if (!std::filesystem::exists(path)) return std::nullopt;
  const FlipResult result = read_flip(path);
  const FlipGains* gains = importance_gains(result);
  const bool is_of_this = result.source.result.sha256 == source_file(json_path).sha256;
  return gains != nullptr && is_of_this ? std::optional(*gains) : std::nullopt;
}

std::vector<std::string> differences(const FlipResult& before, const FlipResult& now) {
  return core::differing_fields(question_of(before), question_of(now));
}

std::string to_json(const FlipOptions& options) {
  return core::json_text(core::FieldWriter::json_of(options));
}

}  // namespace relax_spectro
