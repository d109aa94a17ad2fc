#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
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
#include "render/map_panel.hpp"
#include "render/maps_figure.hpp"
#include "results/flip_result.hpp"
#include "results/result_folder.hpp"
#include "results/verdict.hpp"

namespace {

using namespace relax_spectro;
namespace fs = std::filesystem;

constexpr cli::StageText kText{
    "figure",
    "Draws maps of one recording below each other, over the same time: of several models, fills\n"
    "or seeds. The title of each says how it differs from the others.",
    "relax-spectro figure mn04/dog.json vggish/dog.json -o dog.png"};

const std::string kSeparator = "  ·  ";

struct Request {
  std::vector<fs::path> paths;
  std::vector<std::string> maps{"contrast"};
  std::string fade = "2";
  std::optional<double> begin_s;
  std::optional<double> end_s;
  cli::OutputOptions output{"maps.png"};
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &paths, "Results of explain (NAME.json), or folders of them, in order")
        .required();
    line.option("--map", &maps, "Arrays to draw: contrast, uncertainty, standard_error ...")
        .type_name("ARRAY,...")
        .delimiter(',')
        .default_text("contrast")
        .one_of({"contrast", "importance", "uncertainty", "standard_error", "u_relax",
                 "repeat_probability", "repeat_uncertainty"});
    line.option("--begin", &begin_s, "Draw from this second of the recording").type_name("S");
    line.option("--end", &end_s, "Draw up to this second of the recording").type_name("S");
    line.option("--fade", &fade, "Fade contrast of fewer standard errors than this, or family-wise")
        .type_name("N");
    output.declare(line, "Figure to write: .png, .svg or .pdf");
    talk.declare_quiet(line);
  }
};

/// What a result was asked for, in words, by topic. An empty text: it was not asked for. A topic
/// that does not apply is missing.
using Told = std::map<std::string, std::string>;

void tell_masks(const Result& result, Told& told) {
  const MaskOptions& masks = result.options.masks;
  const Explanation& explanation = result.explanation;
  if (const auto& file = result.provenance.masks_file) {
    told["family"] = "masks of " + file->path.filename().string();
    return;
  }
  told["family"] = fmt::format("family {}", to_string(masks.family));
  if (masks.source() == MaskSource::swept) {
    told["grid"] = "window " + to_string(explanation.sizes[explanation.steepest_size].window);
    return;
  }
  told["grid"] = "grid " + to_string(masks.grid);
  told["edges"] = fmt::format("{} edges", to_string(masks.edges));
  told["keep"] = fmt::format("keep {}", masks.keep_probability);
  told["design"] = "design " + explanation.method.design;
  told["count"] = masks.count ? fmt::format("{} masks", *masks.count)
                              : fmt::format("masks to tolerance {}", masks.automatic.tolerance);
  told["seed"] = fmt::format("seed {}", masks.seed);
  told["seed by"] = fmt::format("seed by {}", to_string(masks.seed_by));
}

Told told_of(const Result& result) {
  const ExplainOptions& options = result.options;
  const Provenance& provenance = result.provenance;
  const AudioOptions& audio = provenance.audio;
  Told told;
  tell_masks(result, told);
  told["fill"] = "fill " + to_string(options.fill);
  told["score"] = score_words(result);
  told["estimator"] = fmt::format("estimator {}", to_string(result.explanation.method.estimator));
  told["uncertainty"] = fmt::format("uncertainty {}", to_string(options.uncertainty));
  told["precision"] = fmt::format("precision {}", to_string(provenance.model_options.precision));
  told["channel"] = audio.channel ? fmt::format("channel {}", *audio.channel) : "mean of channels";
  const auto& reference = provenance.reference;
  told["reference"] = reference ? "compared with " + reference->path.filename().string() : "";
  told["repeat"] = options.repeat ? fmt::format("REPEAT of {}", options.repeat->replicates) : "";
  told["hop"] = options.hop_s ? fmt::format("hop {} s", *options.hop_s) : "";
  told["begin"] = audio.begin_s ? fmt::format("from {} s", *audio.begin_s) : "";
  told["end"] = audio.end_s ? fmt::format("to {} s", *audio.end_s) : "";
  return told;
}

/// Results, and what each was asked for.
struct DrawnResults {
  std::vector<NamedResult> named;
  std::vector<Result> results;
  std::vector<Told> told;

  /// Whether all results to which a topic applies were asked for the same.
  [[nodiscard]] bool agree_in(const std::string& what) const {
    std::set<std::string> texts;
    for (const Told& one : told) {
      if (one.contains(what)) texts.insert(one.at(what));
    }
    return texts.size() < 2;
  }
};

DrawnResults read_drawn(const std::vector<fs::path>& paths) {
  DrawnResults drawn{named_results(paths), {}, {}};
  for (const NamedResult& named : drawn.named) {
    drawn.results.push_back(read_result(named.json_path));
    drawn.told.push_back(told_of(drawn.results.back()));
  }
  return drawn;
}

/// Results without a difference get their names.
std::vector<std::string> titles_of(const DrawnResults& drawn) {
  std::vector<std::string> titles;
  const std::vector<std::string> classes = differing_classes(drawn.results);
  const auto model_of = [](const Result& result) { return result.provenance.model_hashes(); };
  const bool one_model = std::ranges::adjacent_find(drawn.results, std::ranges::not_equal_to(),
                                                    model_of) == drawn.results.end();
  for (std::size_t i = 0; i < drawn.results.size(); ++i) {
    std::vector<std::string> parts;
    if (!classes.empty()) parts.push_back(classes[i]);
    if (!one_model) parts.push_back(drawn.results[i].card.name);
    for (const auto& [what, text] : drawn.told[i]) {
      if (!text.empty() && !drawn.agree_in(what)) parts.push_back(text);
    }
    titles.push_back(fmt::format("{}", fmt::join(parts, kSeparator)));
  }
  const std::set<std::string> different(titles.begin(), titles.end());
  for (std::size_t i = 0; i < titles.size(); ++i) {
    std::string& title = titles[i];
    if (different.size() == titles.size()) continue;
    title = title.empty() ? drawn.named[i].name
                          : fmt::format("{}{}{}", drawn.named[i].name, kSeparator, title);
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
  for (const char* what : {"family", "grid", "fill"}) {
    if (drawn.told[0].contains(what) && drawn.agree_in(what)) {
      parts.push_back(drawn.told[0].at(what));
    }
  }
  return fmt::format("{}", fmt::join(parts, kSeparator));
}

void require_one_recording(const DrawnResults& drawn) {
  const Provenance& first = drawn.results[0].provenance;
  for (std::size_t i = 1; i < drawn.results.size(); ++i) {
    const Provenance& other = drawn.results[i].provenance;
    if (other.input.sha256 == first.input.sha256) continue;
    throw ConfigError(
        fmt::format("{}: is a result of {}, but {} is of {}; expected results of one recording",
                    drawn.named[i].json_path.string(), other.input.path.string(),
                    drawn.named[0].json_path.string(), first.input.path.string()));
  }
}

/// Verdicts and warnings. Of several results, each verdict has its title, and a warning stands once.
std::vector<std::string> notes_of(const DrawnResults& drawn,
                                  const std::vector<std::string>& titles) {
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const Result& result = drawn.results[i];
    const std::optional<FlipGains> gains = gains_beside(drawn.named[i].json_path);
    const std::string said = said_of(result, gains ? &*gains : nullptr) + ".";
    notes.push_back(titles.size() > 1 ? titles[i] + ": " + said : said);
    for (const std::string& warning : result.explanation.warnings) {
      if (std::ranges::find(warnings, warning) == warnings.end()) warnings.push_back(warning);
    }
  }
  const std::vector<std::string> last = warning_notes(warnings);
  notes.insert(notes.end(), last.begin(), last.end());
  return notes;
}

Figure figure_of(DrawnResults& drawn, const Request& request) {
  const Fade fade = parse_fade(request.fade);
  const std::vector<std::string> titles = titles_of(drawn);
  std::vector<DrawnMap> maps;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const fs::path& json_path = drawn.named[i].json_path;
    Explanation& explanation = drawn.results[i].explanation;
    read_arrays(json_path, {"spectrogram", "contrast", "standard_error"}, explanation);
    for (const std::string& name : request.maps) {
      FigurePanel panel = map_panel(drawn.results[i], name, read_map(json_path, name), fade);
      panel.scale_name = name + panel.unit + shared_unit(drawn.results[i]);
      maps.push_back({std::move(panel), explanation.spectrogram});
    }
  }
  std::string subtitle = subtitle_of(drawn);
  if (titles.size() > 1) {
    const bool have_one_title = std::ranges::all_of(
        maps, [&](const DrawnMap& map) { return map.panel.title == maps[0].panel.title; });
    if (have_one_title) subtitle += "\n" + maps[0].panel.title;
    for (std::size_t i = 0; i < maps.size(); ++i) {
      std::string& title = maps[i].panel.title;
      const std::string& of_result = titles[i / request.maps.size()];
      title = request.maps.size() == 1 ? of_result
                                       : fmt::format("{}{}{}", of_result, kSeparator, title);
    }
  }
  Figure figure =
      maps_figure(maps, drawn.results[0].provenance.input.path.filename().string(), subtitle);
  figure.notes = notes_of(drawn, titles);
  return zoomed(std::move(figure), request.begin_s, request.end_s);
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
  const Figure figure = figure_of(drawn, request);
  OutputFile file(path, request.output.overwrite());
  draw_figure(file.temporary_path(), figure);
  file.commit();
  cli::print("{}\n", path.string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
