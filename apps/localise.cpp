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
    "Measures how well maps lie on annotated events. Writes a CSV with a row for each result.\n"
    "It measures the same for loudness (the spectrogram itself). A map that does not beat\n"
    "loudness may say no more than that events are loud.",
    "relax-spectro explain *.wav -o results\n"
    "  relax-spectro localise results/*.json --boxes boxes.csv -o localisation.csv"};

struct Request {
  std::vector<std::filesystem::path> files;
  cli::ComparisonOptions comparison;
  cli::OutputOptions output;
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &files, "Results of explain (NAME.json), or folders of them").required();
    line.option("--boxes", &comparison.boxes,
                "Annotated events: a .csv, or a table of Raven, BirdNET, Audacity ...")
        .required()
        .type_name("TABLE");
    line.option("--label", &comparison.label, "Use only the boxes with this label")
        .type_name("LABEL")
        .default_text("all");
    line.group(cli::HelpGroup::measured);
    line.option("--map", &comparison.map, "contrast, importance, u_relax or uncertainty")
        .type_name("ARRAY")
        .one_of({"contrast", "importance", "u_relax", "uncertainty"});
    line.option("--top-k", &comparison.top_k, "Bins of the top-k intersection")
        .default_text("as many as the boxes hold")
        .whole_number(1)
        .rare();
    output.declare(line, "Table to write, a .csv");
    line.at("--output").default_text("stdout");
    talk.declare(line);
  }
};

void check_output(const cli::OutputOptions& output) {
  if (output.path.empty()) return;
  if (output.path.extension() != ".csv") {
    throw ConfigError(fmt::format("{}: expected a name that ends in .csv", output.path.string()));
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
