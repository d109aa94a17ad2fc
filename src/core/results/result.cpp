#include "relax_spectro/results/result.hpp"

#include <algorithm>

#include "results/result_arrays.hpp"
#include "results/result_commit.hpp"
#include "results/result_fields.hpp"
#include "results/result_json.hpp"

namespace relax_spectro {
namespace {

/// Checks that the values that were read can be used in calculations.
void require_sound(const Result& result, const std::filesystem::path& path) {
  const Explanation& explanation = result.explanation;
  const auto refuse = [&path](const std::string& what) {
    throw IoError(fmt::format("{}: {} (data/FORMAT.md describes the fields of a result)",
                              path.string(), what));
  };
  if (explanation.windows.empty()) refuse("windows is empty, expected one or more");
  for (const WindowSummary& window : explanation.windows) {
    if (window.masks == 0) refuse("a window's masks is 0, expected 1 or more");
    if (window.frames.count == 0) refuse("a window's frames is 0, expected 1 or more");
    if (window.noise_to_contrast.value_or(0.0) < 0.0) {
      refuse(fmt::format("a window's noise_to_contrast is {}, expected 0 or more, or null",
                         *window.noise_to_contrast));
    }
  }
  if (!explanation.sizes.empty() && explanation.steepest_size >= explanation.sizes.size()) {
    refuse("steepest_size is not one of the sizes");
  }
  const Shape2d grid = explanation.method.grid;
  if (grid.rows == 0 || grid.columns == 0) refuse("method.grid has no cells, expected 1 or more");
}

}  // namespace

std::size_t unresolved_windows(const Explanation& explanation) {
  return static_cast<std::size_t>(std::ranges::count_if(
      explanation.windows, [](const WindowSummary& window) { return !window.resolved(); }));
}

std::size_t masks_evaluated(const Explanation& explanation) {
  std::size_t count = 0;
  for (const SizeSummary& size : explanation.sizes) count += size.masks;
  if (!explanation.sizes.empty()) return count;
  for (const WindowSummary& window : explanation.windows) count += window.masks;
  return count;
}

std::size_t degrees_of_freedom(const Explanation& explanation) {
  const std::size_t blocks =
      std::ranges::min_element(explanation.windows, {}, &WindowSummary::blocks)->blocks;
  return blocks > 1 ? blocks - 1 : 0;
}

void write_result(const std::filesystem::path& stem, const Result& result, Overwrite overwrite,
                  OutputFile* figure) {
  OutputFile arrays(stem.string() + ".npz", overwrite);
  core::write_arrays(arrays.temporary_path(), result.explanation);
  OutputFile summary(stem.string() + ".json", overwrite);
  summary.write(core::formatted_text(core::kResultFormat, result));
  core::commit_result(arrays, figure, summary);
}

bool is_result(const std::filesystem::path& json_path) {
  const nlohmann::json json = core::read_result_json(json_path);
  return json.is_object() && json.contains("format") && json.at("format") == core::kResultFormat;
}

Result read_result(const std::filesystem::path& json_path) {
  Result result;
  core::read_formatted(json_path, core::kResultFormat, result);
  require_sound(result, json_path);
  result.options.masks.recording = result.provenance.input.sha256;
  result.provenance.audio.trust_header = true;  // a header that was accepted once is accepted again
  return result;
}

std::string to_json(const ExplainOptions& options) {
  return core::json_text(core::FieldWriter::json_of(options));
}

ExplainOptions parse_explain_options(std::string_view json_text, std::string_view origin) {
  const nlohmann::json json = core::parse_json(json_text, origin);
  core::FieldReader fields({json, {std::string(origin), "data/FORMAT.md describes the fields"}});
  ExplainOptions options;
  core::describe(fields, options);
  return options;
}

}  // namespace relax_spectro
