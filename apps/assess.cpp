#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "assess/assess_file.hpp"
#include "assess/ensemble_text.hpp"
#include "base/parse_number.hpp"
#include "base/require.hpp"
#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "render/assess_figure.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "assess",
    "Says what metrics are worth: their 95 % intervals, which files they hang on, and what an\n"
    "ensemble of several models adds. Writes tables, a JSON and a figure.",
    "relax-spectro assess birds.probe.npz --labels labels.csv -o birds"};

struct Request {
  std::vector<std::filesystem::path> predictions;
  std::filesystem::path labels;
  std::string threshold;
  std::string figure = "png";
  AssessOptions options;
  cli::OutputOptions output;
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("PREDICTIONS", &predictions,
                "Predictions of probe or embed (.npz), or a CSV with file and a column a class")
        .required();
    line.option("--labels", &labels, "CSV with file and label, and optionally group")
        .type_name("FILE")
        .required();
    line.group(cli::HelpGroup::measured);
    line.option("--threshold", &threshold,
                "Also say how few files bring a measure below a value: accuracy:0.9")
        .type_name("M:X")
        .default_text("none");
    line.flag("--refit", &options.refit,
              "Fit a probe again: on 20 other splits, and without each file and group");
    line.option("--seed", &options.seed, "Seed of the resamples").whole_number();
    output.declare(line, "Name of the files to write, without an ending");
    line.at("--output").required();
    cli::declare_figure(line, figure);
    talk.declare_quiet(line);
  }
};

std::optional<MeasureThreshold> parse_threshold(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const std::size_t colon = text.find(':');
  const std::string measure = text.substr(0, colon);
  core::require(colon != std::string::npos && std::ranges::count(bounded_measures(), measure) > 0,
                fmt::format("--threshold is '{}', expected a measure and a value, such as "
                            "accuracy:0.9; measures are {}",
                            text, fmt::join(bounded_measures(), ", ")));
  const double value = core::parse_number(text.substr(colon + 1), "--threshold");
  core::require(value >= -1.0 && (value <= 1.0 || measure == "log_loss"),
                fmt::format("--threshold is '{}', but {} is at most 1", text, measure));
  return MeasureThreshold{measure, value};
}

int run(Request& request) {
  request.options.threshold = parse_threshold(request.threshold);
  OutputFiles files = assess_files(request.output.path, request.figure, request.output.overwrite());
  const AssessData data = read_assess_data(request.predictions, LabelsTable(request.labels));
  for (const std::string& warning : data.warnings()) request.talk.warn(request.labels, warning);
  const Assessment assessment = assess(data, request.options);
  files.draw([&](const std::filesystem::path& path) {
    draw_assess_figure(path, assessment, request.options);
  });
  write_assessment(files, assessment, data, request.options);
  const System& subject = assessment.systems[assessment.subject];
  cli::print("{}\n{}\n", verdict_of(assessment, request.options.threshold),
             report_text(subject.report, subject.predictions.labels));
  if (assessment.ensemble) {
    cli::print("{}\n", ensemble_text(*assessment.ensemble, assessment.systems));
  }
  cli::print("{}\n", files.json().string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
