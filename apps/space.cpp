#include "space/space.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "render/space_figure.hpp"
#include "space/space_file.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "space",
    "Says how embeddings of recordings lie: which are neighbours, and whether neighbours have the\n"
    "same label. Finds clusters, and recordings that are there twice.",
    "relax-spectro space embeddings.npz --labels labels.csv -o birds"};

struct Request {
  std::filesystem::path embeddings;
  std::filesystem::path labels;
  std::string figure = "png";
  SpaceOptions options;
  std::string projection = "pca";
  cli::OutputOptions output;
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("EMBEDDINGS", &embeddings, "Embeddings of recordings, from embed (.npz)")
        .required();
    line.option("--labels", &labels, "CSV with file and label, and optionally group and fold")
        .type_name("FILE")
        .required();
    line.group(cli::HelpGroup::measured);
    line.option("--neighbours", &options.neighbours, "Neighbours of each recording").whole_number();
    line.option("--seed", &options.seed, "Seed of resamples and exchanged labels").whole_number();
    line.option("--project", &projection, "How the figure projects: pca or tsne")
        .type_name("NAME")
        .one_of({"pca", "tsne"});
    output.declare(line, "Name of the files to write, without an ending");
    line.at("--output").required();
    cli::declare_figure(line, figure);
    talk.declare_quiet(line);
  }
};

int run(Request& request) {
  request.options.projection = parse_projection(request.projection);
  OutputFiles files = space_files(request.output.path, request.figure, request.output.overwrite());
  const RecordingEmbeddings embeddings = read_embeddings(request.embeddings);
  const LabelsTable table(request.labels);
  const ProbeData data = probe_data(embeddings, table);
  if (data.without_label > 0) {
    request.talk.warn(request.labels, fmt::format("{} recordings have no label and are left out",
                                                  data.without_label));
  }
  const Space space =
      study_space(data, embeddings, slice_columns(table.of(data.files)), request.options);
  files.draw([&](const std::filesystem::path& path) {
    draw_space_figure(path, space, data, "How embeddings lie: " + embeddings.model_name);
  });
  write_space(files, space, data, embeddings, request.options, request.labels);
  cli::print("{}{}\n", space_text(space, data), files.json().string());
  return cli::kSuccess;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
