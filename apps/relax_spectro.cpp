// The driver: finds the program of a stage beside itself and becomes it, as git does. It links
// nothing, so that it costs a millisecond.

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

constexpr std::array kStages{
    Stage{"explain", "what a model listens to in recordings: RELAX importance and uncertainty"},
    Stage{"batch", "the same for whole folders and lists of recordings, resumable, with one table"},
    Stage{"flip", "whether a map can be believed: pixel flipping against loudness and chance"},
    Stage{"localise", "whether maps lie where annotated events are"},
    Stage{"sanity", "whether a map depends on what the model has learnt, and on the seed"},
    Stage{"check", "whether maps have changed since a baseline, by more than their noise"},
    Stage{"report", "one page about results, to open in a browser"},
    Stage{"figure", "maps of several models, fills or seeds in one figure"},
    Stage{"regions", "salient regions as tables for Raven and Audacity, and as boxes"},
    Stage{"spectrogram", "the input that a model sees, as arrays and a figure"},
    Stage{"embed", "embeddings and class scores of recordings"},
    Stage{"masks", "the masks themselves, as a file"},
    Stage{"import", "published weights become a model, without Python"},
    Stage{"model", "what a model takes and gives, its card and its hash"},
};

constexpr int kUsage = 2;
constexpr int kFailure = 3;
constexpr int kInternal = 70;

void print_help(std::FILE* stream) {
  std::fputs(
      "Example:\n"
      "  relax-spectro explain recording.wav -o results\n\n"
      "Shows what in a recording a spectrogram CNN listens to, and how sure that map is.\n\n"
      "Usage: relax-spectro STAGE [OPTIONS]      relax-spectro STAGE --help\n\n"
      "Stages:\n",
      stream);
  for (const Stage& stage : kStages)
    std::fprintf(stream, "  %-12s %s\n", stage.name, stage.summary);
}

/// A full disk shows only when the last of the output is written.
int flushed() { return std::fflush(stdout) == 0 ? 0 : kFailure; }

int run(const std::string& stage, char** argv) {
  const std::string program =
      (relax_spectro::cli::program_folder() / ("relax-spectro-" + stage)).string();
  execv(program.c_str(), argv);
  std::fprintf(stderr, "relax-spectro: %s: cannot be run: %s\n", program.c_str(),
               std::strerror(errno));
  return kInternal;
}

/// What was typed is no stage: a typing error, or a recording or a folder without its stage?
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
  if (first == "--help" || first == "-h" || first == "help") {
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
  for (const Stage& stage : kStages) names.emplace_back(stage.name);
  if (std::find(names.begin(), names.end(), first) == names.end()) {
    say_unknown(argv[1], names);
    return kUsage;
  }
  return run(std::string(first), argv + 1);
}
