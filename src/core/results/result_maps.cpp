#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <span>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/result_arrays.hpp"

namespace relax_spectro {
namespace {

void add_map(NpzWriter& writer, const std::string& name, const Array2d<double>& map) {
  const std::vector<float> values(map.values.begin(), map.values.end());
  writer.add(name, {map.rows, map.columns}, std::span<const float>(values));
}

/// The maps for all sizes of a sweep, in order.
void add_sizes(NpzWriter& writer, const std::vector<SizeSummary>& sizes) {
  std::vector<float> maps;
  for (const SizeSummary& size : sizes) {
    maps.insert(maps.end(), size.importance.values.begin(), size.importance.values.end());
  }
  const Array2d<double>& first = sizes.front().importance;
  writer.add("size_importance", {sizes.size(), first.rows, first.columns},
             std::span<const float>(maps));
}

void take_sizes(core::ResultArrays& arrays, Shape2d shape, std::vector<SizeSummary>& sizes) {
  const std::vector<double> maps =
      arrays.values("size_importance", {sizes.size(), shape.rows, shape.columns});
  auto begin = maps.begin();
  for (SizeSummary& size : sizes) {
    size.importance = Array2d<double>(shape.rows, shape.columns);
    const auto end = begin + static_cast<std::ptrdiff_t>(size.importance.values.size());
    std::copy(begin, end, size.importance.values.begin());
    begin = end;
  }
}

std::filesystem::path arrays_beside(std::filesystem::path json_path) {
  return json_path.replace_extension(".npz");
}

/// A map that every result has.
struct NamedMap {
  std::string_view name;
  Array2d<double>& map;
};

std::vector<NamedMap> maps_of(Explanation& explanation) {
  Saliency& saliency = explanation.saliency;
  return {{"importance", saliency.importance},
          {"contrast", explanation.contrast},
          {"uncertainty", saliency.uncertainty},
          {"standard_error", saliency.standard_error},
          {"u_relax", explanation.u_relax}};
}

void require_windows_within(const Explanation& explanation, const std::filesystem::path& path) {
  const std::size_t frames = explanation.spectrogram.time_s.size();
  for (const WindowSummary& window : explanation.windows) {
    if (window.frames.count <= frames && window.frames.begin <= frames - window.frames.count) {
      continue;
    }
    throw IoError(fmt::format("{}: has {} frames, but its JSON has a window of {} from frame {}",
                              path.string(), frames, window.frames.count, window.frames.begin));
  }
}

}  // namespace

void core::write_arrays(const std::filesystem::path& path, const Explanation& explanation) {
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
  writer.add("spectrogram", spectrogram.values);
  writer.add("time_s", {spectrogram.time_s.size()}, std::span<const double>(spectrogram.time_s));
  writer.add("frequency_hz", {spectrogram.frequency_hz.size()},
             std::span<const double>(spectrogram.frequency_hz));
  writer.add("scores", explanation.scores);
  if (explanation.sizes.size() > 1) add_sizes(writer, explanation.sizes);
  writer.write(path);
}

void read_arrays(const std::filesystem::path& json_path,
                 std::initializer_list<std::string_view> names, Explanation& explanation) {
  const std::set<std::string_view> wanted(names);
  const bool sizes = wanted.contains("sizes") && explanation.sizes.size() > 1;
  const bool repeat = wanted.contains("repeat");
  std::set<std::string> read(names.begin(), names.end());
  read.insert({"time_s", "frequency_hz"});
  if (sizes) read.insert("size_importance");
  if (repeat) read.insert({"repeat_probability", "repeat_uncertainty"});
  core::ResultArrays arrays(arrays_beside(json_path), read);
  Spectrogram& spectrogram = explanation.spectrogram;
  spectrogram.time_s = arrays.axis("time_s");
  spectrogram.frequency_hz = arrays.axis("frequency_hz");
  require_windows_within(explanation, arrays.path());
  const Shape2d shape{spectrogram.frequency_hz.size(), spectrogram.time_s.size()};
  for (const auto& [name, map] : maps_of(explanation)) {
    if (wanted.contains(name)) map = arrays.map(std::string(name), shape);
  }
  if (wanted.contains("spectrogram")) {
    spectrogram.values = converted<float>(arrays.map("spectrogram", shape));
  }
  if (wanted.contains("scores")) {
    std::size_t masks = 0;
    for (const WindowSummary& window : explanation.windows) masks = std::max(masks, window.masks);
    explanation.scores = arrays.map("scores", {explanation.windows.size(), masks});
  }
  if (repeat) {
    explanation.repeat = RepeatMaps{arrays.map("repeat_probability", shape),
                                    arrays.map("repeat_uncertainty", shape)};
  }
  if (sizes) take_sizes(arrays, shape, explanation.sizes);
}

Array2d<double> read_map(const std::filesystem::path& json_path, const std::string& name) {
  core::ResultArrays arrays(arrays_beside(json_path), {name, "time_s", "frequency_hz"});
  const Shape2d shape{arrays.axis("frequency_hz").size(), arrays.axis("time_s").size()};
  return arrays.map(name, shape);
}

}  // namespace relax_spectro
