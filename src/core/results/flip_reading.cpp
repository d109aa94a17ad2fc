#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "files/json_fields.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/npz.hpp"
#include "relax_spectro/results/flip_file.hpp"
#include "results/result_arrays.hpp"
#include "results/result_format.hpp"
#include "results/result_reading.hpp"

namespace relax_spectro {
namespace {

using core::JsonFields;

// In the order that they are measured and drawn in.
constexpr std::array kCurves{"morf",     "lerf",      "amplitude", "random",
                             "deletion", "insertion", "quantus"};

FlipSummary summary_of(JsonFields& fields) {
  core::require_format(fields, core::kFlipFormat);
  FlipSummary summary;
  summary.seconds = fields.get<double>("seconds");
  if (!fields.has("gains")) return summary;
  JsonFields gains = fields.object("gains");
  summary.gains = {gains.get<double>("morf_lerf_gap"),
                   gains.get<double>("over_random"),
                   gains.get<double>("random_sd"),
                   gains.get<std::size_t>("random_orders"),
                   gains.get<std::size_t>("better_than"),
                   gains.get<double>("over_amplitude"),
                   0.0};
  summary.beats_loudness = fields.get<bool>("beats_loudness");
  summary.beats_chance = fields.get<bool>("beats_chance");
  return summary;
}

/// The scores of a curve, one order or several. @throws IoError  they do not fit the steps.
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

/// The curves whose areas the JSON has.
void read_curves(const std::filesystem::path& path, JsonFields areas, StoredFlipping& flipping) {
  flipping.fraction = core::ResultArrays(path, {"fraction"}).axis("fraction");
  auto arrays = read_npz(path, {kCurves.begin(), kCurves.end()});
  for (const std::string name : kCurves) {
    if (!areas.has(name)) continue;
    const auto found = arrays.find(name);
    if (found == arrays.end()) {
      throw IoError(
          fmt::format("{}: holds no array {}, which its JSON tells of", path.string(), name));
    }
    flipping.curves.push_back(
        {name, scores_of(std::move(found->second), flipping.fraction.size(), name, path),
         areas.get<double>(name)});
  }
  if (flipping.curves.empty()) {
    throw IoError(fmt::format("{}: the JSON beside it tells of no curve", path.string()));
  }
}

}  // namespace

FlipSummary read_flip_summary(const std::filesystem::path& path) {
  return core::reading_a_result(path, [&path] {
    const nlohmann::json json = core::read_result_json(path);
    JsonFields fields(json, core::result_origin(path));
    return summary_of(fields);
  });
}

StoredFlipping read_flipping(const std::filesystem::path& json_path) {
  return core::reading_a_result(json_path, [&json_path] {
    const nlohmann::json json = core::read_result_json(json_path);
    JsonFields fields(json, core::result_origin(json_path));
    StoredFlipping flipping;
    flipping.summary = summary_of(fields);
    flipping.verdict = fields.get_or<std::string>("verdict", "");
    JsonFields options = fields.object("options");
    flipping.score = options.get<std::string>("score");
    flipping.unit = options.get<std::string>("unit");
    flipping.result_sha256 = fields.object("result").get<std::string>("sha256");
    flipping.command_line = fields.get<std::string>("command_line");
    flipping.options_json = fields.required("options").dump();
    flipping.warnings = core::read_texts(fields, "warnings");
    std::filesystem::path arrays = json_path;
    read_curves(arrays.replace_extension(".npz"), fields.object("auc"), flipping);
    return flipping;
  });
}

}  // namespace relax_spectro
