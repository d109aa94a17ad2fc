#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/result.hpp"
#include "render/maps_figure.hpp"
#include "results/result_folder.hpp"

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

/// Results, and what was asked of each, by field.
struct DrawnResults {
  std::vector<NamedResult> named;
  std::vector<Result> results;
  std::vector<std::map<std::string, std::string>> asked;

  /// Whether all that have a field have it alike.
  [[nodiscard]] bool agree_in(const std::string& field) const {
    std::set<std::string> values;
    for (const auto& fields : asked) {
      if (fields.contains(field)) values.insert(fields.at(field));
    }
    return values.size() < 2;
  }
};

DrawnResults read_drawn(const std::vector<fs::path>& paths) {
  DrawnResults drawn{named_results(paths), {}, {}};
  for (const NamedResult& named : drawn.named) {
    drawn.results.push_back(read_result(named.json_path));
    drawn.asked.push_back(asked_fields(drawn.results.back()));
  }
  return drawn;
}

std::string noise_text(const Explanation& explanation) {
  const std::size_t unresolved = unresolved_windows(explanation);
  if (unresolved > 0) {
    return fmt::format("{} of {} windows unresolved", unresolved, explanation.windows.size());
  }
  return fmt::format("noise / contrast {:.2f}", *explanation.saliency.noise_to_contrast);
}

/// Two that differ in nothing that is told are told apart by their names.
std::vector<std::string> titles_of(const DrawnResults& drawn) {
  std::vector<std::string> titles;
  const std::vector<std::string> classes = differing_classes(drawn.results);
  const auto model_of = [](const Result& result) { return result.provenance.model.sha256; };
  const bool one_model = std::ranges::adjacent_find(drawn.results, std::ranges::not_equal_to(),
                                                    model_of) == drawn.results.end();
  for (std::size_t i = 0; i < drawn.results.size(); ++i) {
    std::vector<std::string> parts;
    if (!classes.empty()) parts.push_back(classes[i]);
    if (!one_model) parts.push_back(drawn.results[i].card.name);
    for (const auto& [field, value] : drawn.asked[i]) {
      if (!drawn.agree_in(field)) parts.push_back(fmt::format("{} {}", field, value));
    }
    titles.push_back(fmt::format("{}", fmt::join(parts, kSeparator)));
  }
  const std::set<std::string> different(titles.begin(), titles.end());
  for (std::size_t i = 0; i < titles.size(); ++i) {
    std::string& title = titles[i];
    if (different.size() < titles.size()) {
      title = drawn.named[i].name + (title.empty() ? title : kSeparator + title);
    }
    title += (title.empty() ? title : kSeparator) + noise_text(drawn.results[i].explanation);
  }
  return titles;
}

std::string subtitle_of(const DrawnResults& drawn) {
  std::vector<std::string> parts;
  if (const auto classes = differing_classes(drawn.results); !classes.empty()) {
    parts.push_back(fmt::format("{}", fmt::join(classes, " \u2192 ")));
  }
  const std::string& model = drawn.results[0].card.name;
  if (std::ranges::all_of(drawn.results, [&](const auto& r) { return r.card.name == model; })) {
    parts.push_back(model);
  }
  const bool is_sweep = drawn.results[0].options.masks.source() == MaskSource::swept;
  for (const std::string field :
       {"family", is_sweep ? "windows.0.size" : "grid", "fill", "score"}) {
    if (drawn.agree_in(field)) {
      parts.push_back(fmt::format("{} {}", field, drawn.asked[0].at(field)));
    }
  }
  return fmt::format("{}", fmt::join(parts, kSeparator));
}

void require_one_recording(const DrawnResults& drawn) {
  const Provenance& first = drawn.results[0].provenance;
  for (std::size_t i = 1; i < drawn.results.size(); ++i) {
    const Provenance& other = drawn.results[i].provenance;
    if (other.input.sha256 == first.input.sha256) continue;
    throw ConfigError(fmt::format(
        "{}: is of {}, but {} of {}; expected results of one recording, as they share the time",
        drawn.named[i].json_path.string(), other.input.path.string(),
        drawn.named[0].json_path.string(), first.input.path.string()));
  }
}

int run(const Request& request) {
  const fs::path& path = request.output.path;
  if (!is_figure_path(path)) {
    throw ConfigError(fmt::format(
        "--output is '{}'; expected a name that ends in .png, .svg or .pdf", path.string()));
  }
  refuse_existing(path, request.output.overwrite());
  DrawnResults drawn = read_drawn(request.paths);
  require_one_recording(drawn);
  std::vector<TitledMap> maps;
  const std::vector<std::string> titles = titles_of(drawn);
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const fs::path& json_path = drawn.named[i].json_path;
    Explanation& explanation = drawn.results[i].explanation;
    read_arrays(json_path, {"spectrogram"}, explanation);
    maps.push_back({titles[i], read_map(json_path, request.map), explanation.spectrogram});
  }
  const std::string title = drawn.results[0].provenance.input.path.filename().string();
  OutputFile file(path, request.output.overwrite());
  draw_figure(file.temporary_path(), maps_figure(maps, title, subtitle_of(drawn), request.map));
  file.commit();
  cli::print("{}\n", path.string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
