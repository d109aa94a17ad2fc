#include "relax_spectro/results/part_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/npz.hpp"
#include "results/result_commit.hpp"
#include "results/result_format.hpp"
#include "results/result_json.hpp"
#include "results/result_reading.hpp"

namespace relax_spectro {
namespace {

using core::JsonFields;
using nlohmann::ordered_json;

ordered_json windows_json(const PartialExplanation& part) {
  ordered_json list = ordered_json::array();
  for (std::size_t w = 0; w < part.windows.size(); ++w) {
    ordered_json json = core::window_json(part.recording.spectrogram, part.recording.windows[w]);
    json["unmasked_score"] = part.windows[w].unmasked_score;
    if (part.windows[w].class_index) json["class_index"] = *part.windows[w].class_index;
    if (!part.windows[w].heard.empty()) json["heard"] = core::heard_json(part.windows[w].heard);
    list.push_back(json);
  }
  return list;
}

ordered_json part_json(const PartialExplanation& part, const ExplainOptions& options,
                       const ModelCard& card, const Provenance& provenance) {
  ordered_json json = core::made_by_json(core::kPartFormat, options, part.method, card, provenance);
  json["mask_range"] = {
      {"begin", part.range.begin}, {"end", part.range.end}, {"count", part.mask_count}};
  json["windows"] = windows_json(part);
  json["warnings"] = part.recording.warnings;
  json["engine"] = core::engine_json(part.method.engine);
  json["engine"]["warnings"] = part.method.engine.warnings;
  json["seconds"] = provenance.seconds;
  return json;
}

void write_arrays(const std::filesystem::path& path, const PartialExplanation& part) {
  const Spectrogram& spectrogram = part.recording.spectrogram;
  std::vector<double> scores;
  for (const WindowScores& window : part.windows) {
    scores.insert(scores.end(), window.scores.begin(), window.scores.end());
  }
  NpzWriter writer;
  writer.add("scores", {part.windows.size(), part.range.size()}, std::span<const double>(scores));
  writer.add("spectrogram", {spectrogram.values.rows, spectrogram.values.columns},
             std::span<const float>(spectrogram.values.values));
  writer.add("time_s", {spectrogram.time_s.size()}, std::span<const double>(spectrogram.time_s));
  writer.add("frequency_hz", {spectrogram.frequency_hz.size()},
             std::span<const double>(spectrogram.frequency_hz));
  writer.write(path);
}

std::map<std::string, std::string> identity_of(const nlohmann::json& json) {
  nlohmann::json kept = json;
  kept["input"].erase("path");
  kept["model"].erase("path");
  kept["options"].erase("workers");
  std::map<std::string, std::string> identity;
  for (const char* field : {"tool_version", "runtime", "input", "model", "options"}) {
    const nlohmann::json fields = nlohmann::json{{field, kept.at(field)}}.flatten();
    for (const auto& [pointer, value] : fields.items()) {
      std::string name = pointer.substr(1);
      std::ranges::replace(name, '/', '.');
      identity[name] = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    }
  }
  return identity;
}

/// The arrays of a part, checked against what its JSON says of them.
void read_arrays(const std::filesystem::path& path, PartialExplanation& part) {
  const auto arrays = read_npz(path);
  const auto take = [&](const std::string& name, const std::vector<std::size_t>& shape) {
    const auto found = arrays.find(name);
    if (found == arrays.end() || found->second.shape != shape) {
      throw IoError(
          fmt::format("{}: {} is missing, or not of shape ({}), which the .json beside "
                      "it says; make this part again",
                      path.string(), name, fmt::join(shape, ", ")));
    }
    return found->second.values;
  };
  Spectrogram& spectrogram = part.recording.spectrogram;
  const auto axis_size = [&arrays](const std::string& name) {
    const auto found = arrays.find(name);
    return found == arrays.end() || found->second.shape.empty() ? 0 : found->second.shape[0];
  };
  const std::size_t frames = axis_size("time_s");
  const std::size_t bands = axis_size("frequency_hz");
  spectrogram.time_s = take("time_s", {frames});
  spectrogram.frequency_hz = take("frequency_hz", {bands});
  const std::vector<double> values = take("spectrogram", {bands, frames});
  spectrogram.values = Array2d<float>(bands, frames);
  std::ranges::transform(values, spectrogram.values.values.begin(),
                         [](double value) { return static_cast<float>(value); });
  const std::vector<double> scores = take("scores", {part.windows.size(), part.range.size()});
  for (std::size_t w = 0; w < part.windows.size(); ++w) {
    const auto begin = scores.begin() + static_cast<std::ptrdiff_t>(w * part.range.size());
    part.windows[w].scores.assign(begin, begin + static_cast<std::ptrdiff_t>(part.range.size()));
    const FrameRange range = part.recording.windows[w];
    if (range.count == 0 || range.begin + range.count > frames) {
      throw IoError(
          fmt::format("{}: holds {} frames, but the .json beside it has a window from "
                      "frame {} to {}; make this part again",
                      path.string(), frames, range.begin, range.begin + range.count));
    }
  }
}

void read_windows(JsonFields& fields, PartialExplanation& part) {
  for (JsonFields window : fields.objects("windows")) {
    part.recording.windows.push_back(
        {window.get<std::size_t>("begin_frame"), window.get<std::size_t>("frames")});
    WindowScores scores;
    scores.unmasked_score = window.get<double>("unmasked_score");
    if (window.has("class_index")) scores.class_index = window.get<std::size_t>("class_index");
    scores.heard = core::read_heard(window);
    part.windows.push_back(scores);
  }
  if (part.windows.empty()) fields.fail("windows", "is empty, expected one or more");
}

PartFile read_json_part(const nlohmann::json& json, const std::filesystem::path& path) {
  JsonFields fields(json, core::result_origin(path));
  core::require_format(fields, core::kPartFormat, "--mask-range");
  PartFile file;
  file.run.provenance = core::read_provenance(fields);
  file.card = parse_model_card(fields.object("model").required("card").dump(),
                               path.string() + ": model.card");
  JsonFields range = fields.object("mask_range");
  file.part.range = {range.get<std::size_t>("begin"), range.get<std::size_t>("end")};
  file.part.mask_count = range.get<std::size_t>("count");
  if (file.part.range.begin >= file.part.range.end || file.part.range.end > file.part.mask_count) {
    fields.fail("mask_range", "is not a part of its count of masks");
  }
  file.part.recording.spectrogram.silence = silence_level(file.card.front_end);
  read_windows(fields, file.part);
  file.part.recording.warnings = core::read_texts(fields, "warnings");
  JsonFields options = fields.object("options");
  file.part.recording.hop_s = options.get<double>("hop_s");
  file.part.method.engine = core::read_engine_use(fields.object("engine"), options);
  file.run.options_json = fields.required("options").dump();
  static_cast<void>(fields.required("tool_version"));  // the others of the identity are read above
  file.identity = identity_of(json);
  return file;
}

}  // namespace

std::filesystem::path part_stem(const std::filesystem::path& stem, MaskRange range) {
  return stem.string() + fmt::format(".part-{}-{}", range.begin, range.end);
}

void write_part(const std::filesystem::path& stem, const PartialExplanation& part,
                const ExplainOptions& options, const ModelCard& card, const Provenance& provenance,
                Overwrite overwrite) {
  OutputFile arrays(stem.string() + ".npz", overwrite);
  write_arrays(arrays.temporary_path(), part);
  OutputFile summary(stem.string() + ".json", overwrite);
  summary.write(core::json_text(part_json(part, options, card, provenance)) + "\n");
  core::commit_result(arrays, nullptr, summary);
}

PartFile read_part(const std::filesystem::path& json_path) {
  return core::reading_a_result([&json_path] {
    const nlohmann::json json = core::read_result_json(json_path);
    PartFile file = read_json_part(json, json_path);
    std::filesystem::path arrays = json_path;
    read_arrays(arrays.replace_extension(".npz"), file.part);
    return file;
  });
}

}  // namespace relax_spectro
