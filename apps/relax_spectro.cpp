// The driver: finds the program of a stage beside itself and becomes it, as git does. It links
// no library of ours, so it takes a millisecond.

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/nearest.hpp"
#include "cli/program_folder.hpp"
#include "relax_spectro/base/version.hpp"

namespace {

struct Stage {
  const char* name;
  const char* summary;
};

/// Stages with one purpose.
struct StageGroup {
  const char* title;
  std::vector<Stage> stages;
};

const std::vector<StageGroup>& groups() {
  static const std::vector<StageGroup> kAll{
      {"Maps",
       {{"explain", "map what a model listens to in a recording, and how uncertain that is"},
        {"interactions", "show which bands, times or events work together"},
        {"listen", "write what a model listens to as sound, and the rest"},
        {"figure", "draw maps of several models, fills or seeds in one figure"},
        {"regions", "write salient regions as tables for Raven and Audacity, and as boxes"},
        {"report", "write one self-contained page about results"}}},
      {"Trust",
       {{"flip", "test whether the score depends on what a map shows (pixel flipping)"},
        {"sanity", "test whether a map depends on what the model has learnt"},
        {"localise", "measure how well maps lie on annotated events"}}},
      {"Folders and CI",
       {{"batch", "explain folders and lists of recordings, and write one table"},
        {"compare", "say what one model listens to and another does not"},
        {"check", "fail if maps differ from a baseline by more than their noise"}}},
      {"Models",
       {{"model", "print what a model takes and gives, and its SHA-256"},
        {"import", "make a model from published weights, without Python"},
        {"embed", "compute embeddings and class scores of recordings"},
        {"probe", "fit a classifier to embeddings, and test it on recordings it has not seen"},
        {"assess", "say what metrics are worth, and what an ensemble of models adds"},
        {"space",
         "say how embeddings lie: neighbours, labels, and recordings that are there twice"},
        {"featout", "write copies of recordings without what a model leans on, to train with"}}},
      {"Parts",
       {{"spectrogram", "write the input that a model sees, as arrays and a figure"},
        {"masks", "write the masks as a file, or draw them"}}}};
  return kAll;
}

constexpr int kUsage = 2;
constexpr int kFailure = 3;
constexpr int kInternal = 70;

void print_help(std::FILE* stream) {
  std::fputs(
      "Example:\n"
      "  relax-spectro explain recording.wav -o results\n\n"
      "Shows what in a recording a spectrogram CNN listens to, and how sure that map is.\n\n"
      "Usage: relax-spectro STAGE [OPTIONS]\n"
      "       relax-spectro help STAGE\n"
      "       relax-spectro --version\n\n"
      "Every stage has --help, for its most used options, and --help-all, for all of them.\n",
      stream);
  for (const StageGroup& group : groups()) {
    std::fprintf(stream, "\n%s:\n", group.title);
    for (const Stage& stage : group.stages) {
      std::fprintf(stream, "  %-11s  %s\n", stage.name, stage.summary);
    }
  }
}

/// Only the last write shows that a disk is full.
int flushed() { return std::fflush(stdout) == 0 ? 0 : kFailure; }

/// Becomes the program of a stage. @returns  only if that fails.
int run(const std::string& stage, char** argv) {
  const std::string program =
      (relax_spectro::cli::program_folder() / ("relax-spectro-" + stage)).string();
  execv(program.c_str(), argv);
  std::fprintf(stderr, "relax-spectro: %s: cannot be run: %s\n", program.c_str(),
               std::strerror(errno));
  return kInternal;
}

/// The word is no stage: a typing error, or a recording or a folder without its stage.
void say_unknown(const char* typed, const std::vector<std::string_view>& names) {
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(typed, ignored);
  if (std::filesystem::exists(status)) {
    std::fprintf(stderr,
                 "relax-spectro: '%s' is a %s, not a stage; did you mean 'relax-spectro %s %s'?\n",
                 typed, std::filesystem::is_directory(status) ? "folder" : "file",
                 std::filesystem::is_directory(status) ? "batch" : "explain", typed);
    return;
  }
  const std::string hint = relax_spectro::did_you_mean(typed, names);
  std::fprintf(stderr, "relax-spectro: '%s' is not a stage%s\n", typed, hint.c_str());
  if (hint.empty()) {
    std::fputs("\n", stderr);
    print_help(stderr);
  } else {
    std::fputs("Try: relax-spectro --help\n", stderr);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  const bool wants_help = first == "--help" || first == "-h" || first == "help";
  if (first == "--help-all" || (wants_help && argc == 2)) {
    print_help(stdout);
    return flushed();
  }
  if (first == "--version") {
    std::printf("relax-spectro %s\n", relax_spectro::version_and_commit().data());
    return flushed();
  }
  if (first.empty()) {
    print_help(stderr);
    return kUsage;
  }
  std::vector<std::string_view> names;
  for (const StageGroup& group : groups()) {
    for (const Stage& stage : group.stages) names.emplace_back(stage.name);
  }
  char* stage = argv[wants_help ? 2 : 1];
  if (std::find(names.begin(), names.end(), stage) == names.end()) {
    say_unknown(stage, names);
    return kUsage;
  }
  if (wants_help) {
    char help[] = "--help";
    std::array<char*, 3> arguments{stage, help, nullptr};
    return run(stage, arguments.data());
  }
  return run(stage, argv + 1);
}
