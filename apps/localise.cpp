#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "cli/comparison.hpp"
#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "results/localisation_table.hpp"
#include "results/result_folder.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "localise",
    "Says how well the maps of results lie where annotated events are: a CSV with a row a result,\n"
    "on stdout or in a file. The same is measured for loudness (the spectrogram itself), which a\n"
    "map must beat to say more than that events are loud.\n\n"
    "In the relevance mass accuracy, negative values count as 0; attribution localisation and the\n"
    "complexity numbers take absolute values. README.md says how to read the table,\n"
    "data/FORMAT.md lists its columns.",
    "relax-spectro explain *.wav -o results\n"
    "  relax-spectro localise results/*.json --boxes boxes.csv -o localisation.csv"};

struct Request {
  std::vector<std::filesystem::path> files;
  cli::ComparisonOptions comparison;
  cli::OutputOptions output;
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.option("files", &files,
                "Results of explain (NAME.json, with NAME.npz beside it), or folders of them")
        .required()
        .type_name("RESULT");
    line.option(
            "--boxes", &comparison.boxes,
            "The events: a CSV with the columns start_s and end_s and, where wanted, low_hz, "
            "high_hz, label and file; or a table of Raven, BirdNET or Kaleidoscope, or labels of "
            "Audacity")
        .required()
        .type_name("TABLE");
    line.option("--label", &comparison.label, "Only the boxes of this label [all]");
    line.option("--map", &comparison.map, "Which map: contrast, importance, u_relax or uncertainty")
        .one_of({"contrast", "importance", "u_relax", "uncertainty"});
    line.option("--top-k", &comparison.top_k,
                "Bins that the top-k intersection looks at [as many as lie in the boxes]")
        .type_name("N")
        .whole_number(1);
    output.declare(line, "A .csv to write [CSV on stdout]");
    talk.declare(line);
  }
};

void check_output(const cli::OutputOptions& output) {
  if (output.path.empty()) return;
  if (output.path.extension() != ".csv") {
    throw ConfigError(fmt::format("{}: the table is written as .csv; expected this ending",
                                  output.path.string()));
  }
  refuse_existing(output.path, output.overwrite());
}

int run(const Request& request) {
  check_output(request.output);
  const cli::Comparison comparison(request.comparison, request.talk);
  const auto [rows, code] = comparison.compare(json_paths(named_results(request.files)));
  if (rows.empty()) return code;
  const std::string table = localisation_csv(rows);
  if (request.output.path.empty()) {
    cli::print("{}", table);
  } else {
    write_text_file(request.output.path, table, request.output.overwrite());
    cli::print("{}\n", request.output.path.string());
  }
  if (!request.talk.quiet) cli::say(cli::localisation_verdict(rows, request.comparison.map));
  return code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
