#include <fmt/format.h>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "results/region.hpp"
#include "results/region_table.hpp"
#include "results/result_folder.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "regions",
    "Writes the salient regions of maps as tables: boxes (regions.csv), a selection table for\n"
    "Raven (regions.selections.txt), and labels of each recording for Audacity\n"
    "(NAME.labels.relax-spectro.txt). Regions are named by the class that was measured or heard.",
    "relax-spectro regions results -o regions"};

struct Request {
  std::vector<std::filesystem::path> files;
  std::string threshold{to_string(RegionThreshold{})};
  RegionOptions options;
  std::optional<std::string> label;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &files, "Results of explain (NAME.json), or folders of them").required();
    line.group(cli::HelpGroup::measured);
    line.option("--threshold", &threshold,
                "Least contrast: se:Z for Z standard errors, otsu, or a number")
        .type_name("T");
    line.option("--least-peak", &options.least_peak,
                "Least peak of a region, over the highest of its recording")
        .type_name("X");
    line.option("--top", &options.most, "Regions to keep of each recording, the highest")
        .whole_number(1)
        .default_text("all");
    output.declare(line, "Folder for the tables");
    line.option("--label", &label, "Label of the regions in the tables")
        .type_name("LABEL")
        .default_text("the class");
    talk.declare(line);
  }
};

/// Even a map that is all noise has regions.
void warn_if_unresolved(const std::filesystem::path& path, const Result& result,
                        const cli::TalkOptions& talk) {
  const std::size_t unresolved = unresolved_windows(result.explanation);
  if (unresolved == 0) return;
  talk.warn(path, fmt::format("the maps of {} of {} windows are not above their noise. Regions "
                              "there mean nothing; --threshold se:5 drops most of them",
                              unresolved, result.explanation.windows.size()));
}

RecordingRegions regions_of(const std::filesystem::path& json_path, const Request& request) {
  Result result = read_result(json_path);
  read_arrays(json_path, {"contrast", "standard_error"}, result.explanation);
  const Provenance& made_from = result.provenance;
  RecordingRegions found{made_from.input.path, to_string(result.options.score),
                         made_from.audio.channel.value_or(1), made_from.input_end_s(),
                         salient_regions(result, request.options)};
  warn_if_unresolved(json_path, result, request.talk);
  if (request.label) {
    for (Region& region : found.regions) region.label = *request.label;
  }
  return found;
}

int run(Request& request) {
  request.options.threshold = RegionThreshold::parse(request.threshold);
  request.options.validate();
  const std::vector<NamedResult> named = named_results(request.files);
  const Overwrite overwrite = request.output.overwrite();
  const std::filesystem::path csv = request.output.path / "regions.csv";
  const std::filesystem::path raven = request.output.path / "regions.selections.txt";
  std::vector<std::filesystem::path> labels = output_stems(named);
  for (std::filesystem::path& path : labels) {
    path = request.output.path / (path.string() + ".labels.relax-spectro.txt");
    refuse_existing(path, overwrite);
  }
  refuse_existing(csv, overwrite);
  refuse_existing(raven, overwrite);
  std::vector<RecordingRegions> found;
  const int code = cli::for_each_input(json_paths(named), [&](std::size_t i) {
    const RecordingRegions regions = regions_of(named[i].json_path, request);
    write_text_file(labels[i], audacity_labels(regions.regions), overwrite);
    found.push_back(regions);
  });
  if (found.empty()) return code;
  write_text_file(raven, raven_table(found), overwrite);
  write_text_file(csv, regions_csv(found), overwrite);
  std::size_t count = 0;
  for (const RecordingRegions& regions : found) count += regions.regions.size();
  cli::print("{}: {} region{}\n", csv.string(), count, count == 1 ? "" : "s");
  return code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
