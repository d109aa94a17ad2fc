#include "relax_spectro/results/stored_explanation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "files/json_fields.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/npz.hpp"
#include "results/result_arrays.hpp"
#include "results/result_format.hpp"
#include "results/result_reading.hpp"

namespace relax_spectro {
namespace {

using core::JsonFields;

Shape2d read_shape(JsonFields fields) {
  return {fields.get<std::size_t>("frequency"), fields.get<std::size_t>("time")};
}

void read_windows(JsonFields& fields, Explanation& explanation) {
  for (JsonFields& json : fields.objects("windows")) {
    WindowSummary window;
    window.masks = json.get<std::size_t>("masks");
    if (json.has("class_index")) window.class_index = json.get<std::size_t>("class_index");
    explanation.windows.push_back(window);
  }
  if (explanation.windows.empty()) fields.fail("windows", "is empty, expected one or more");
}

void read_sizes(JsonFields& fields, Explanation& explanation) {
  if (!fields.has("sizes")) return;
  for (JsonFields& json : fields.objects("sizes")) {
    SizeSummary size;
    size.window = parse_size(json.get<std::string>("window"), "window");
    size.stride = parse_size(json.get<std::string>("stride"), "stride");
    size.most_bins = read_shape(json.object("most_bins"));
    size.fewest_bins = read_shape(json.object("fewest_bins"));
    size.largest_drop = json.get<double>("largest_drop");
    JsonFields box = json.object("largest_drop_at");
    size.largest_drop_at = {box.get<double>("begin_s"), box.get<double>("end_s"),
                            box.get<double>("low_hz"), box.get<double>("high_hz")};
    explanation.sizes.push_back(std::move(size));
  }
  explanation.steepest_size = fields.get<std::size_t>("steepest_size");
}

void read_masks(JsonFields masks, ResolvedMethod& method) {
  if (!masks.has("grid")) return;  // of a sweep
  const Shape2d grid = read_shape(masks.object("grid"));
  method.law.frequency.cells = grid.rows;
  method.law.time.cells = grid.columns;
  method.layout.edges = parse_cell_edges(masks.get<std::string>("edges"));
}

/// The maps of all sizes lie one after the other.
void read_size_maps(const std::filesystem::path& path, Shape2d shape,
                    std::vector<SizeSummary>& sizes) {
  if (sizes.size() < 2) return;
  const auto arrays = read_npz(path, {"size_importance"});
  const auto found = arrays.find("size_importance");
  const std::size_t bins = shape.rows * shape.columns;
  if (found == arrays.end() || found->second.values.size() != sizes.size() * bins) {
    throw IoError(fmt::format("{}: size_importance is missing, or does not hold {} maps of {}x{}",
                              path.string(), sizes.size(), shape.rows, shape.columns));
  }
  auto begin = found->second.values.begin();
  for (SizeSummary& size : sizes) {
    size.importance = Array2d<double>(shape.rows, shape.columns);
    std::copy_n(begin, bins, size.importance.values.begin());
    begin += static_cast<std::ptrdiff_t>(bins);
  }
}

void read_arrays(const std::filesystem::path& path, bool has_repeat, Explanation& explanation) {
  std::set<std::string> names{"spectrogram", "time_s", "frequency_hz", "contrast", "uncertainty"};
  if (has_repeat) names.insert({"repeat_probability", "repeat_uncertainty"});
  core::ResultArrays arrays(path, names);
  Spectrogram& spectrogram = explanation.spectrogram;
  spectrogram.time_s = arrays.axis("time_s");
  spectrogram.frequency_hz = arrays.axis("frequency_hz");
  const Shape2d shape{spectrogram.frequency_hz.size(), spectrogram.time_s.size()};
  const Array2d<double> values = arrays.map("spectrogram", shape);
  spectrogram.values = Array2d<float>(shape.rows, shape.columns);
  std::ranges::transform(values.values, spectrogram.values.values.begin(),
                         [](double value) { return static_cast<float>(value); });
  explanation.contrast = arrays.map("contrast", shape);
  explanation.saliency.uncertainty = arrays.map("uncertainty", shape);
  if (has_repeat) {
    explanation.repeat = RepeatMaps{arrays.map("repeat_probability", shape),
                                    arrays.map("repeat_uncertainty", shape)};
  }
  read_size_maps(path, shape, explanation.sizes);
}

}  // namespace

Explanation read_explanation(const std::filesystem::path& json_path) {
  return core::reading_a_result(json_path, [&json_path] {
    const nlohmann::json json = core::read_result_json(json_path);
    JsonFields fields(json, core::result_origin(json_path));
    core::require_format(fields, core::kResultFormat);
    Explanation explanation;
    explanation.saliency.noise_to_contrast = fields.get_or_null<double>("noise_to_contrast");
    read_windows(fields, explanation);
    read_sizes(fields, explanation);
    JsonFields options = fields.object("options");
    read_masks(options.object("masks"), explanation.method);
    const bool has_repeat = !options.required("repeat").is_null();
    std::filesystem::path arrays = json_path;
    read_arrays(arrays.replace_extension(".npz"), has_repeat, explanation);
    return explanation;
  });
}

}  // namespace relax_spectro
