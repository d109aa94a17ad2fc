#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/require.hpp"
#include "cli/freed_memory.hpp"
#include "cli/options.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "compare/comparison_file.hpp"
#include "compare/comparison_text.hpp"
#include "render/compare_figure.hpp"
#include "render/compare_page.hpp"

namespace {

using namespace relax_spectro;
namespace fs = std::filesystem;

constexpr cli::StageText kText{
    "compare",
    "Says what one model listens to and another does not, over the recordings that both were\n"
    "explained on. Tests bands and kinds of sound over recordings. Writes a page,\n"
    "tables and a JSON.",
    "relax-spectro compare results-a results-b --labels labels.csv -o comparison"};

struct Request {
  std::vector<fs::path> folders;
  std::optional<fs::path> labels;
  CompareOptions options;
  ReportOptions page;
  std::string figure = "png";
  cli::OutputOptions output{"comparison"};
  cli::TalkOptions talk;
  std::string command_line;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("FOLDER", &folders,
                "Folders of results, one for each model. The first is the reference")
        .required();
    line.option("--labels", &labels, "CSV with file and label, and optionally group")
        .type_name("FILE");
    line.flag("--ignore-options", &options.ignore_options,
              "Compare results although their options differ")
        .rare();
    line.group(cli::HelpGroup::measured);
    line.option("--clusters", &options.clusters, "Clusters of the regions of either model")
        .whole_number(1)
        .default_text("3 to 10, by the number of regions");
    line.option("--seed", &options.seed, "Seed of the resamples").whole_number();
    cli::declare_recordings(line, page.recordings);
    output.declare(line, "Folder for the page and the tables");
    cli::declare_figure(line, figure);
    talk.declare(line);
  }
};

int run(Request& request) {
  core::require(request.folders.size() >= 2,
                "there is one folder; expected two or more, one for each model");
  cli::keep_freed_memory();  // maps of the same size, one after the other
  OutputFiles files =
      compare_files(request.output.path, request.figure, request.output.overwrite());
  std::optional<LabelsTable> labels;
  if (request.labels) labels.emplace(*request.labels);
  std::vector<ModelComparison> comparisons;
  for (std::size_t i = 1; i < request.folders.size(); ++i) {
    PairedResults results = pair_by_recording(request.folders.front(), request.folders[i],
                                              request.options.ignore_options);
    for (const std::string& note : results.notes) request.talk.warn(request.folders[i], note);
    const std::size_t steps = 2 * results.pairs.size();
    cli::ProgressBar bar("compare", request.talk.shows_progress());
    comparisons.push_back(
        compare_models(std::move(results), labels ? &*labels : nullptr, request.options,
                       [&bar, steps](std::size_t done) { bar.update(done, steps); }));
  }
  files.draw([&](const fs::path& path) { draw_compare_figure(path, comparisons); });
  const ComparePage page =
      compare_page(comparisons, request.page, request.output.path, request.command_line);
  for (const std::string& warning : page.warnings)
    request.talk.warn(files.place("comparison.html"), warning);
  write_comparisons(files, comparisons, request.options, page.html);
  for (const ModelComparison& comparison : comparisons) {
    cli::print("{} and {}, {} recordings: {}\n", comparison.results.a.folder.string(),
               comparison.results.b.folder.string(), comparison.recordings.size(),
               verdict_of(comparison));
  }
  cli::print("{}\n", files.place("comparison.html").string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
