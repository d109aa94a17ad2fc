#include "relax_spectro/results/stored_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "files/flat_fields.hpp"
#include "files/json_fields.hpp"
#include "relax_spectro/audio/spectrogram.hpp"
#include "results/bin_edges.hpp"
#include "results/result_arrays.hpp"
#include "results/result_format.hpp"
#include "results/result_reading.hpp"

namespace relax_spectro {
namespace {

using core::JsonFields;

/// What the JSON says of a window's place and noise.
struct WindowNoise {
  FrameRange frames;
  std::optional<double> to_contrast;
};

std::vector<WindowNoise> read_windows(JsonFields& fields, StoredMap& map) {
  std::vector<WindowNoise> noises;
  std::optional<std::size_t> fewest_blocks;
  for (JsonFields& window : fields.objects("windows")) {
    noises.push_back({core::read_frames(window), window.get_or_null<double>("noise_to_contrast")});
    const auto blocks = window.get<std::size_t>("blocks");
    fewest_blocks = std::min(fewest_blocks.value_or(blocks), blocks);
  }
  if (!fewest_blocks) fields.fail("windows", "is empty, expected one or more");
  map.degrees_of_freedom = *fewest_blocks > 1 ? *fewest_blocks - 1 : 0;
  return noises;
}

/// Every option that says what was asked, and the recording that it was asked of.
std::map<std::string, std::string> question_of(const nlohmann::json& json,
                                               const std::vector<WindowNoise>& windows) {
  nlohmann::json asked = core::options_of(json);
  for (const char* option : core::kSpeedOptions) asked.erase(option);
  asked.erase("repeat");  // maps beside the one that is compared
  asked.erase("hop_s");   // as resolved, from the model's card as a rule; the windows tell
  for (const char* seed : {"seed", "seed_by", "effective_seed"}) asked["masks"].erase(seed);
  asked["masks"].erase("file");  // its hash stays
  if (asked.contains("reference") && asked["reference"].is_object()) {
    asked["reference"].erase("path");
  }
  asked["recording"] = {{"sha256", json.at("input").at("sha256")},
                        {"channel", json.at("input").at("channel")}};
  std::string frames;
  for (const WindowNoise& window : windows) {
    frames += fmt::format("{}{}-{}", frames.empty() ? "" : " ", window.frames.begin,
                          window.frames.begin + window.frames.count);
  }
  asked["windows"] = frames;
  return core::flat_fields(asked);
}

/// How many cells a mask has; 0 where it is a window of a sweep.
std::size_t cells_of(JsonFields masks) {
  if (!masks.has("grid")) return 0;
  JsonFields grid = masks.object("grid");
  return grid.get<std::size_t>("frequency") * grid.get<std::size_t>("time");
}

std::vector<WindowNoise> read_json(const nlohmann::json& json, const std::filesystem::path& path,
                                   StoredMap& map) {
  JsonFields fields(json, core::result_origin(path));
  core::require_format(fields, core::kResultFormat);
  map.provenance = core::read_provenance(fields);
  const std::vector<WindowNoise> noises = read_windows(fields, map);
  map.cells = noises.size() * cells_of(fields.object("options").object("masks"));
  map.mask_cells = core::read_mask_cells(fields);
  map.predictions = core::read_predictions(fields);
  map.question = question_of(json, noises);
  return noises;
}

void read_arrays(const std::filesystem::path& path, StoredMap& map) {
  core::ResultArrays arrays(path,
                            {"importance", "contrast", "standard_error", "time_s", "frequency_hz"});
  map.time_s = arrays.axis("time_s");
  map.frequency_hz = arrays.axis("frequency_hz");
  const Shape2d shape{map.frequency_hz.size(), map.time_s.size()};
  map.importance = arrays.map("importance", shape);
  map.contrast = arrays.map("contrast", shape);
  map.standard_error = arrays.map("standard_error", shape);
}

/// The mean of the squares of what `at` gives for the bins of some frames, and of what it gives.
template <typename At>
std::pair<double, double> moments(const StoredMap& map, FrameRange frames, const At& at) {
  double sum = 0.0;
  double squares = 0.0;
  std::size_t count = 0;
  for (std::size_t row = 0; row < map.contrast.rows; ++row) {
    for (std::size_t t = frames.begin; t < frames.begin + frames.count; ++t) {
      const double value = at(row, t);
      if (!std::isfinite(value)) continue;
      sum += value;
      squares += value * value;
      ++count;
    }
  }
  const double total = std::max(1.0, static_cast<double>(count));
  return {squares / total, sum / total};
}

// Note [The contrast is surer than the importance]
// The standard error of the importance holds that of the window's level, which all its bins have in
// common, and which the contrast is free of: with designed masks the contrast's noise is about half
// as large. How large, a window's noise / contrast h tells: from h^2 = E / (V - E), with V the
// variance of the contrast over bins, its mean squared error is E = V h^2 / (1 + h^2). So the
// standard errors are scaled to that, in each window. A window that is not above its noise has no
// h, and keeps those of the importance.
double contrast_share(const StoredMap& map, const WindowNoise& window) {
  if (!window.to_contrast) return 1.0;
  const auto [contrast_squares, contrast_mean] =
      moments(map, window.frames, [&](auto row, auto t) { return map.contrast(row, t); });
  const double error_squares = moments(map, window.frames, [&](auto row, auto t) {
                                 return map.standard_error(row, t);
                               }).first;
  if (error_squares == 0.0) return 1.0;
  const double h = *window.to_contrast;
  const double variance = contrast_squares - contrast_mean * contrast_mean;
  return std::sqrt(variance * h * h / (1.0 + h * h) / error_squares);
}

/// Where windows overlap, the larger of their errors counts.
Array2d<double> contrast_errors(const StoredMap& map, const std::vector<WindowNoise>& windows,
                                const std::filesystem::path& path) {
  std::vector<double> shares(map.time_s.size(), 0.0);
  for (const WindowNoise& window : windows) {
    if (window.frames.begin + window.frames.count > shares.size()) {
      throw IoError(fmt::format("{}: has a window from frame {} to {}, but its arrays have {}",
                                path.string(), window.frames.begin,
                                window.frames.begin + window.frames.count, shares.size()));
    }
    const double share = contrast_share(map, window);
    for (std::size_t i = 0; i < window.frames.count; ++i) {
      double& largest = shares[window.frames.begin + i];
      largest = std::max(largest, share);
    }
  }
  Array2d<double> errors = map.standard_error;
  for (std::size_t row = 0; row < errors.rows; ++row) {
    for (std::size_t t = 0; t < errors.columns; ++t) errors(row, t) *= shares[t];
  }
  return errors;
}

}  // namespace

TimeFrequencyBox box_around(const StoredMap& map, BinRange bands, BinRange frames) {
  const auto edge = [](const std::vector<double>& centres, std::size_t bin) {
    return core::place_at(centres, static_cast<double>(bin));
  };
  return {edge(map.time_s, frames.begin), edge(map.time_s, frames.end),
          edge(map.frequency_hz, bands.begin), edge(map.frequency_hz, bands.end)};
}

bool is_result(const std::filesystem::path& json_path) {
  const nlohmann::json json = core::read_result_json(json_path);
  return json.is_object() && json.contains("format") && json.at("format") == core::kResultFormat;
}

StoredMap read_stored_map(const std::filesystem::path& json_path) {
  return core::reading_a_result(json_path, [&json_path] {
    StoredMap map;
    const auto windows = read_json(core::read_result_json(json_path), json_path, map);
    std::filesystem::path arrays = json_path;
    read_arrays(arrays.replace_extension(".npz"), map);
    map.contrast_error = contrast_errors(map, windows, json_path);
    return map;
  });
}

}  // namespace relax_spectro
