#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
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
    "Writes the salient regions of maps as tables: boxes (NAME.regions.csv), a selection table\n"
    "for Raven (NAME.selections.txt) and labels for Audacity (NAME.labels.relax-spectro.txt).",
    "relax-spectro regions results/recording.json -o results"};

struct Request {
  std::vector<std::filesystem::path> files;
  std::string threshold{to_string(RegionThreshold{})};
  RegionOptions options;
  std::string label = "salient";
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &files, "Results of explain (NAME.json), or folders of them").required();
    line.group(cli::HelpGroup::measured);
    line.option("--threshold", &threshold, "Salient contrast: otsu, or se:Z for Z standard errors")
        .type_name("T");
    line.option("--min-bins", &options.min_bins, "Drop regions of fewer bins").whole_number(1);
    output.declare(line, "Folder for the tables");
    line.option("--label", &label, "Label of the regions in the tables").type_name("LABEL");
    talk.declare(line);
  }
};

/// A table to write.
struct Table {
  std::filesystem::path path;
  std::string text;
};

/// Even a map that is all noise has regions.
void warn_if_unresolved(const std::filesystem::path& path, const Result& result,
                        const cli::TalkOptions& talk) {
  const std::size_t unresolved = unresolved_windows(result.explanation);
  if (unresolved == 0) return;
  talk.warn(path,
            fmt::format("the maps of {} of {} windows are not above their noise. Regions there "
                        "mean nothing; --threshold se:3 drops most of them",
                        unresolved, result.explanation.windows.size()));
}

void write_regions(const std::filesystem::path& json_path, const std::filesystem::path& stem,
                   const Request& request) {
  const Overwrite overwrite = request.output.overwrite();
  const auto path = [&](const char* ending) {
    return request.output.path / (stem.string() + ending);
  };
  std::vector<Table> tables{{path(".regions.csv"), ""},
                            {path(".selections.txt"), ""},
                            {path(".labels.relax-spectro.txt"), ""}};
  for (const Table& table : tables) refuse_existing(table.path, overwrite);
  Result result = read_result(json_path);
  read_arrays(json_path, {"importance", "contrast", "standard_error"}, result.explanation);
  const std::vector<Region> regions = salient_regions(result, request.options);
  warn_if_unresolved(json_path, result, request.talk);
  const Provenance& made_from = result.provenance;
  tables[0].text = regions_csv(regions, made_from.input.path.string(), request.label);
  tables[1].text = raven_table(regions, made_from.audio.channel.value_or(1), request.label);
  tables[2].text = audacity_labels(regions, request.label);
  for (const Table& table : tables) write_text_file(table.path, table.text, overwrite);
  cli::print("{}: {} region{}\n", tables[0].path.string(), regions.size(),
             regions.size() == 1 ? "" : "s");
}

int run(Request& request) {
  request.options.threshold = RegionThreshold::parse(request.threshold);
  request.options.validate();
  const std::vector<NamedResult> named = named_results(request.files);
  const std::vector<std::filesystem::path> results = json_paths(named);
  const std::vector<std::filesystem::path> stems = output_stems(named);
  return cli::for_each_input(results,
                             [&](std::size_t i) { write_regions(results[i], stems[i], request); });
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
