#include "relax_spectro/results/result_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "files/json_fields.hpp"
#include "results/result_format.hpp"
#include "results/result_reading.hpp"

namespace relax_spectro {
namespace {

using core::JsonFields;

ResultWindow read_window(JsonFields fields) {
  ResultWindow window;
  window.first_frame_s = fields.get<double>("first_frame_s");
  window.last_frame_s = fields.get<double>("last_frame_s");
  window.masks = fields.get<std::size_t>("masks");
  if (window.masks == 0) fields.fail("masks", "is 0, expected 1 or more");
  window.noise_to_contrast = fields.get_or_null<double>("noise_to_contrast");
  if (window.noise_to_contrast && *window.noise_to_contrast < 0.0) {
    fields.fail("noise_to_contrast",
                fmt::format("is {}, expected 0 or more, or null", *window.noise_to_contrast));
  }
  return window;
}

ResultSummary read_summary(const std::filesystem::path& path) {
  const nlohmann::json json = core::read_result_json(path);
  JsonFields fields(json, core::result_origin(path));
  core::require_format(fields, core::kResultFormat);
  ResultSummary summary;
  JsonFields input = fields.object("input");
  summary.input_path = input.get<std::string>("path");
  summary.input_sample_rate_hz = input.get<int>("sample_rate_hz");
  summary.input_duration_s = input.get<double>("duration_s");
  for (const JsonFields& window : fields.objects("windows")) {
    summary.windows.push_back(read_window(window));
  }
  if (summary.windows.empty()) fields.fail("windows", "is empty, expected one or more");
  return summary;
}

}  // namespace

std::optional<double> ResultSummary::noise_to_contrast() const {
  double largest = 0.0;
  for (const ResultWindow& window : windows) {
    if (!window.noise_to_contrast) return std::nullopt;
    largest = std::max(largest, *window.noise_to_contrast);
  }
  return largest;
}

std::size_t ResultSummary::unresolved_windows() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      windows, [](const ResultWindow& window) { return !window.resolved(); }));
}

RecordedRun read_recorded_run(const std::filesystem::path& path) {
  return core::reading_a_result(path, [&path] {
    const nlohmann::json json = core::read_result_json(path);
    JsonFields fields(json, core::result_origin(path));
    core::require_format(fields, core::kResultFormat);
    return RecordedRun{core::read_provenance(fields),
                       fields.required("options").dump(),
                       fields.get<std::string>("tool_version"),
                       fields.object("model").object("card").get<std::string>("name"),
                       core::read_texts(fields, "warnings"),
                       core::read_mask_cells(fields),
                       core::read_predictions(fields)};
  });
}

ResultSummary read_result_summary(const std::filesystem::path& path) {
  return core::reading_a_result(path, [&path] { return read_summary(path); });
}

}  // namespace relax_spectro
