#include "probe/probe.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>

#include "base/parse_number.hpp"
#include "base/text.hpp"
#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "probe/probe_file.hpp"
#include "probe/probe_text.hpp"
#include "render/probe_figure.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "probe",
    "Fits a logistic classifier to embeddings, and tests it on recordings that it has not seen.\n"
    "Prints precision, recall and F1 of each class, with 95 % intervals.\n"
    "Draws the confusion matrix and the calibration.",
    "relax-spectro probe embeddings.npz --labels labels.csv -o birds"};

struct Request {
  std::filesystem::path embeddings;
  std::filesystem::path labels;
  std::string c = "auto";
  std::filesystem::path class_map;
  std::string standardise = "on";
  std::string unit = "recording";
  std::string class_weight = "none";
  std::string intervals = "bootstrap";
  std::string figure = "png";
  ProbeSplit split;
  ProbeOptions options;
  cli::OutputOptions output;
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("EMBEDDINGS", &embeddings, "Embeddings of recordings, from embed (.npz)")
        .required();
    line.option("--labels", &labels,
                "CSV with file and label, and optionally group, fold, split and weight")
        .type_name("FILE")
        .required();
    line.option("--class-map", &class_map,
                "CSV with from and to: other names for labels; an empty to drops the label")
        .type_name("FILE");
    line.group(cli::HelpGroup::measured);
    line.option("--folds", &split.folds, "The column fold or split, or a number of folds")
        .type_name("F")
        .default_text("its column, or 5");
    line.flag("--allow-leak", &split.allow_leak, "Test although groups are in several folds");
    line.option("--c", &c, "Inverse strength of the penalty, or auto for a choice by inner folds")
        .type_name("C");
    line.option("--standardise", &standardise, "Give each feature mean 0 and SD 1 first: on or off")
        .type_name("X")
        .one_of({"on", "off"});
    line.option("--unit", &unit, "What it learns from: recording (the mean embedding) or window")
        .type_name("X")
        .one_of({"recording", "window"});
    line.option("--class-weight", &class_weight,
                "Weight of classes: none (as many recordings) or balanced (equal)")
        .type_name("X")
        .one_of({"none", "balanced"});
    line.option("--intervals", &intervals,
                "Intervals of numbers that are not shares: bootstrap or none")
        .type_name("X")
        .one_of({"bootstrap", "none"})
        .rare();
    line.option("--seed", &options.seed, "Seed of folds, resamples and shuffled labels")
        .whole_number();
    output.declare(line, "Name of the files to write, without an ending");
    line.at("--output").required();
    cli::declare_figure(line, figure);
    talk.declare_quiet(line);
  }
};

int run(Request& request) {
  if (request.c != "auto") request.options.c = core::parse_number(request.c, "--c");
  request.options.standardise = request.standardise == "on";
  request.options.balanced = request.class_weight == "balanced";
  request.options.bootstrap = request.intervals == "bootstrap";
  OutputFiles files = probe_files(request.output.path, request.figure, request.output.overwrite());
  const RecordingEmbeddings embeddings =
      read_embeddings(request.embeddings,
                      request.unit == "window" ? EmbeddingUnit::window : EmbeddingUnit::recording);
  const ClassMap map = request.class_map.empty() ? ClassMap() : ClassMap(request.class_map);
  const ProbeData data = probe_data(embeddings, LabelsTable(request.labels), map);
  if (!data.unused_in_map.empty()) {
    request.talk.warn(request.class_map, fmt::format("no recording has the labels: {}",
                                                     core::first_ten(data.unused_in_map)));
  }
  if (data.without_label > 0) {
    request.talk.warn(request.labels, fmt::format("{} recordings have no label and are left out",
                                                  data.without_label));
  }
  Probe probe = make_probe(data, request.split, request.options);
  if (!embeddings.training_data.empty()) {
    probe.warnings.push_back(training_warning(embeddings.training_data));
  }
  for (const std::string& warning : probe.warnings) request.talk.warn(request.labels, warning);
  files.draw([&](const std::filesystem::path& path) {
    draw_probe_figure(path, probe, embeddings.model_name + " and a classifier");
  });
  write_probe(files, probe, data, embeddings,
              {request.labels, request.class_map, request.split, request.options});
  if (!map.empty()) cli::print("{}\n", distribution_text(data));
  cli::print("{}\n{}\n{}\n", report_text(probe.report, data.labels), findings_text(probe),
             files.json().string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
