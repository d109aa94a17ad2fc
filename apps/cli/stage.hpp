#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace relax_spectro::cli {

/// Exit codes of every program.
enum ExitCode {
  kSuccess = 0,
  kCheckFailed = 1,  ///< a check ran, and the answer is no
  kUsage = 2,        ///< options or configuration
  kFailure = 3,      ///< input, model or output
  kSomeFailed = 4,   ///< several inputs, and some of them failed
  kInternal = 70,
  kInterrupted = 130,  ///< by SIGINT or SIGTERM
};

struct StageText {
  std::string_view name;     ///< "explain"
  std::string_view summary;  ///< one sentence
  std::string_view example;  ///< a command line or some, for the top of --help
};

/// What a stage does once its options are read: gives the exit code.
using StageAction = std::function<int()>;

/// Declares a stage's options (opening no file) and gives what to do with them.
using StageSetup = std::function<StageAction(CLI::App&)>;

/// The whole of a stage's main: reads the options, runs the stage, and turns every error into a
/// message on stderr and an exit code.
[[nodiscard]] int run_stage(int argc, char** argv, const StageText& text, const StageSetup& setup);

/// The command line that was given, as one would type it: "relax-spectro explain ...".
[[nodiscard]] std::string command_line(int argc, char** argv);

/// Writes a message to stderr: "relax-spectro: TEXT".
void say(std::string_view text);

}  // namespace relax_spectro::cli
