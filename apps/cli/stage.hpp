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
  kInterrupted = 130,  ///< by SIGINT, SIGTERM or SIGHUP
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

/// Lets no output take the place of a file that an option names: see keep_inputs. To be called
/// again where options are filled in later.
void keep_named_inputs(const CLI::App& app);

/// The main of a stage whose request declares its own options and keeps the command line.
/// @param run  does what a Request asks for, and gives the exit code.
template <typename Request, typename Run>
[[nodiscard]] int run_request(int argc, char** argv, const StageText& text, const Run& run) {
  Request request;
  request.command_line = command_line(argc, argv);
  return run_stage(argc, argv, text, [&request, &run](CLI::App& app) {
    request.declare(app);
    return [&request, &run] { return run(request); };
  });
}

/// Writes a message to stderr: "relax-spectro: TEXT".
void say(std::string_view text);

}  // namespace relax_spectro::cli
