#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/options.hpp"
#include "cli/recorded_options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/render/maps_figure.hpp"
#include "relax_spectro/results/result_folder.hpp"
#include "relax_spectro/results/result_map.hpp"
#include "relax_spectro/results/result_reader.hpp"

namespace {

using namespace relax_spectro;
namespace fs = std::filesystem;

constexpr cli::StageText kText{
    "figure",
    "Draws maps of one recording in one figure, one above the other "
    "over the same time: of several\n"
    "models, fills or seeds. What they differ in stands above each, first the\n"
    "classes that they measure.",
    "relax-spectro figure mn04/dog.json vggish/dog.json -o dog.png"};

/// Options that a figure does not tell: they change nothing but the speed, or follow from the
/// model.
const std::set<std::string> kUntold{"--device",  "--batch-size", "--workers",
                                    "--threads", "--optimise",   "--hop"};

const std::string kSeparator = "  ·  ";

struct Request {
  std::vector<fs::path> paths;
  std::string map = "contrast";
  cli::OutputOptions output{"maps.png"};
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.option("results", &paths,
                "Results of explain (NAME.json), or folders of them, in the order to be drawn")
        .required()
        .type_name("RESULT");
    output.declare(line, "The figure: .png, .svg or .pdf");
    line.option("--map", &map, "Which array of the results")
        .one_of({"contrast", "importance", "uncertainty", "standard_error", "u_relax",
                 "repeat_probability", "repeat_uncertainty"});
    talk.declare_quiet(line);
  }
};

/// A result, and how it was made.
struct DrawnResult {
  NamedResult named;
  RecordedRun run;
  std::vector<cli::OptionValue> options = {};
};

DrawnResult read_drawn(const NamedResult& named) {
  DrawnResult result{named, read_recorded_run(named.json_path)};
  for (cli::OptionValue& option : cli::recorded_options(result.run.options_json)) {
    if (!kUntold.contains(option.option)) result.options.push_back(std::move(option));
  }
  const std::optional<int> channel = result.run.provenance.input_channel;
  result.options.push_back({"--channel", channel ? std::to_string(*channel) : "mean"});
  return result;
}

std::string typed(const cli::OptionValue& option) { return option.option + " " + option.value; }

/// How many values an option has among those results that have it.
std::size_t values_of(const std::vector<DrawnResult>& results, const std::string& option) {
  std::set<std::string> values;
  for (const DrawnResult& result : results) {
    for (const cli::OptionValue& value : result.options) {
      if (value.option == option) values.insert(value.value);
    }
  }
  return values.size();
}

/// The options of one of them that others have otherwise.
std::vector<std::string> differing_options(const std::vector<DrawnResult>& results,
                                           const DrawnResult& of) {
  std::vector<std::string> told;
  for (const cli::OptionValue& option : of.options) {
    if (values_of(results, option.option) > 1) told.push_back(typed(option));
  }
  return told;
}

std::vector<std::string> classes_of(const std::vector<DrawnResult>& results) {
  std::vector<ResultPredictions> predictions;
  for (const DrawnResult& result : results) predictions.push_back(result.run.predictions);
  return differing_classes(predictions);
}

std::string noise_text(const fs::path& json_path) {
  const ResultSummary summary = read_result_summary(json_path);
  const std::size_t unresolved = summary.unresolved_windows();
  if (unresolved > 0) {
    return fmt::format("{} of {} windows unresolved", unresolved, summary.windows.size());
  }
  return fmt::format("noise / contrast {:.2f}", *summary.noise_to_contrast());
}

/// Two that differ in nothing that is told are told apart by their names.
std::vector<std::string> titles_of(const std::vector<DrawnResult>& results) {
  std::vector<std::string> titles;
  const std::vector<std::string> classes = classes_of(results);
  const bool one_model = std::ranges::all_of(results, [&](const DrawnResult& result) {
    return result.run.provenance.model.sha256 == results[0].run.provenance.model.sha256;
  });
  for (const DrawnResult& result : results) {
    std::vector<std::string> parts = differing_options(results, result);
    if (!one_model) parts.insert(parts.begin(), result.run.model_name);
    if (!classes.empty()) parts.insert(parts.begin(), classes[titles.size()]);
    titles.push_back(fmt::format("{}", fmt::join(parts, kSeparator)));
  }
  const std::set<std::string> different(titles.begin(), titles.end());
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::string& title = titles[i];
    if (different.size() < results.size()) {
      title = results[i].named.name + (title.empty() ? title : kSeparator + title);
    }
    title += (title.empty() ? title : kSeparator) + noise_text(results[i].named.json_path);
  }
  return titles;
}

std::string subtitle_of(const std::vector<DrawnResult>& results) {
  static const std::set<std::string> kTold{"--family", "--window", "--grid", "--fill", "--score"};
  std::vector<std::string> parts;
  if (const auto classes = classes_of(results); !classes.empty()) {
    parts.push_back(fmt::format("{}", fmt::join(classes, " \u2192 ")));
  }
  const std::string& model = results[0].run.model_name;
  if (std::ranges::all_of(results, [&](const auto& r) { return r.run.model_name == model; })) {
    parts.push_back(model);
  }
  for (const cli::OptionValue& option : results[0].options) {
    const bool is_told = kTold.contains(option.option) && values_of(results, option.option) == 1;
    if (is_told) parts.push_back(typed(option));
  }
  return fmt::format("{}", fmt::join(parts, kSeparator));
}

void require_one_recording(const std::vector<DrawnResult>& results) {
  const Provenance& first = results[0].run.provenance;
  for (const DrawnResult& result : results) {
    const Provenance& other = result.run.provenance;
    if (other.input.sha256 == first.input.sha256) continue;
    throw ConfigError(fmt::format(
        "{}: is of {}, but {} of {}; expected results of one recording, as they share the time",
        result.named.json_path.string(), other.input.path.string(),
        results[0].named.json_path.string(), first.input.path.string()));
  }
}

int run(const Request& request) {
  const fs::path& path = request.output.path;
  if (!is_figure_path(path)) {
    throw ConfigError(fmt::format(
        "--output is '{}'; expected a name that ends in .png, .svg or .pdf", path.string()));
  }
  refuse_existing(path, request.output.overwrite());
  std::vector<DrawnResult> results;
  for (const NamedResult& named : named_results(request.paths))
    results.push_back(read_drawn(named));
  require_one_recording(results);
  std::vector<TitledMap> maps;
  const std::vector<std::string> titles = titles_of(results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    maps.push_back({titles[i], read_result_map(results[i].named.json_path, request.map)});
  }
  const std::string title = results[0].run.provenance.input.path.filename().string();
  OutputFile file(path, request.output.overwrite());
  draw_figure(file.temporary_path(), maps_figure(maps, title, subtitle_of(results), request.map));
  file.commit();
  cli::print("{}\n", path.string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
