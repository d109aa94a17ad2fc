#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cli/command_line.hpp"

namespace relax_spectro::cli {

/// Exit codes of every program.
enum ExitCode {
  kSuccess = 0,
  kCheckFailed = 1,  ///< a check ran and failed
  kUsage = 2,        ///< options or configuration
  kFailure = 3,      ///< input, model or output
  kSomeFailed = 4,   ///< several inputs, and some of them failed
  kInternal = 70,
  kInterrupted = 130,  ///< by SIGINT, SIGTERM or SIGHUP
};

struct StageText {
  std::string_view name;     ///< "explain"
  std::string_view summary;  ///< what the stage does
  std::string_view example;  ///< command lines, for the top of --help
};

/// The command line as one would type it: "relax-spectro explain ...".
[[nodiscard]] std::string typed_command(int argc, char** argv);

/// The part of run_stage that does not depend on the type of the request.
[[nodiscard]] int run_declared(int argc, char** argv, const StageText& text,
                               const std::function<void(CommandLine&)>& declare,
                               const std::function<int()>& run);

/// The main function of a stage. It reads the options that a Request declares, without opening a
/// file, and runs the stage. Every error becomes a message on stderr and an exit code. A request
/// with a `command_line` receives it.
/// @param run  carries out a Request and returns the exit code.
template <typename Request, typename Run>
[[nodiscard]] int run_stage(int argc, char** argv, const StageText& text, const Run& run) {
  Request request;
  if constexpr (requires { request.command_line; }) {
    request.command_line = typed_command(argc, argv);
  }
  return run_declared(
      argc, argv, text, [&request](CommandLine& line) { request.declare(line); },
      [&request, &run] { return run(request); });
}

/// Writes a message to stderr: "relax-spectro: TEXT".
void say(std::string_view text);

}  // namespace relax_spectro::cli
