#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "cli/explain_choice.hpp"
#include "cli/options.hpp"
#include "cli/recorded_options.hpp"
#include "cli/result_paths.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/part_file.hpp"
#include "relax_spectro/saliency/partial_explanation.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "merge",
    "Joins the parts that explain --mask-range wrote, in any order, into the result that one run\n"
    "over all masks would have given: from the same scores the same bits. Parts of several\n"
    "recordings are told apart by their names.",
    "relax-spectro explain dog.wav --masks 4096 --mask-range 0:2048 -o parts\n"
    "  relax-spectro explain dog.wav --masks 4096 --mask-range 2048:4096 -o parts\n"
    "  relax-spectro merge parts/dog.part-*.json -o results"};

struct Request {
  std::vector<std::filesystem::path> files;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  std::string figure = "png";
  std::string command_line;
};

/// The recording's name that a part was written under.
std::string name_of(const std::filesystem::path& file) {
  static const std::regex kPart("(.+)\\.part-[0-9]+-[0-9]+\\.json");
  const std::string name = file.filename().string();
  std::smatch parts;
  if (!std::regex_match(name, parts, kPart)) {
    throw ConfigError(
        fmt::format("{}: is not named as a part is; expected NAME.part-BEGIN-END.json, as explain "
                    "--mask-range writes it",
                    file.string()));
  }
  return parts[1];
}

/// What parts were made with.
ExplainOptions options_of(const PartFile& file) {
  CLI::App app;
  cli::ExplainChoice choice;
  choice.declare_masks(app);
  choice.declare_map(app);
  cli::fill_in(app, cli::recorded_options(file.run.options_json));
  const auto masks_file = choice.masks_file();
  if (masks_file && masks_file->sha256 != file.run.provenance.masks_file->sha256) {
    throw IoError(
        fmt::format("{}: is not the --masks-file that the parts were made from: its "
                    "SHA-256 differs",
                    masks_file->path.string()));
  }
  return choice.read();
}

void require_same_identity(const std::filesystem::path& first_path, const PartFile& first,
                           const std::filesystem::path& path, const PartFile& part) {
  auto fields = first.identity;
  fields.insert(part.identity.begin(), part.identity.end());
  const auto value_in = [](const PartFile& file, const std::string& field) {
    const auto found = file.identity.find(field);
    return found == file.identity.end() ? std::string("missing") : found->second;
  };
  for (const auto& [field, _] : fields) {
    const std::string expected = value_in(first, field);
    const std::string found = value_in(part, field);
    if (expected == found) continue;
    throw ConfigError(fmt::format("{}: does not belong to {}: {} is {}, there {}", path.string(),
                                  first_path.string(), field, found, expected));
  }
}

void merge_files(const std::vector<std::filesystem::path>& files, const cli::ResultPaths& paths,
                 const Request& request) {
  paths.refuse_existing(request.output.overwrite());
  std::vector<PartialExplanation> parts;
  const PartFile first = read_part(files.front());
  double seconds = 0.0;
  for (const std::filesystem::path& file : files) {
    PartFile part = read_part(file);
    require_same_identity(files.front(), first, file, part);
    seconds += part.run.provenance.seconds;
    parts.push_back(std::move(part.part));
  }
  const ExplainOptions options = options_of(first);
  Explanation explanation;
  try {
    explanation = merge_parts(first.card, options, std::move(parts));
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", paths.stem.filename().string(), error.what()));
  }
  for (const std::string& warning : explanation.warnings) {
    request.talk.warn(first.run.provenance.input.path, warning);
  }
  Provenance provenance = first.run.provenance;
  provenance.command_line = request.command_line;
  provenance.seconds = seconds;
  paths.write(explanation, options, first.card, provenance, request.output.overwrite());
  cli::print("{}\n", paths.shown().string());
}

int run(const Request& request) {
  std::map<std::string, std::vector<std::filesystem::path>> parts_of;
  for (const auto& file : request.files) parts_of[name_of(file)].push_back(file);
  std::vector<std::filesystem::path> names;
  for (const auto& [name, _] : parts_of) names.emplace_back(name);
  return cli::for_each_input(names, [&](std::size_t i) {
    merge_files(parts_of.at(names[i].string()), {request.output.path / names[i], request.figure},
                request);
  });
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  request.command_line = cli::command_line(argc, argv);
  return cli::run_stage(argc, argv, kText, [&request](CLI::App& app) {
    app.add_option("files", request.files, "Parts (NAME.part-BEGIN-END.json)")
        ->required()
        ->type_name("FILE");
    request.output.declare(app, "Folder for the results");
    cli::declare_figure(app, request.figure);
    request.talk.declare(app);
    return [&request] { return run(request); };
  });
}
