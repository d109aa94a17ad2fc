#include "cli/stage.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>
#include <vector>

#include "cli/interruption.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::cli {
namespace {

/// Keeps outputs from replacing a file that an option names: see keep_inputs.
void keep_named_inputs(const CommandLine& line) {
  // check keeps its own baseline. A repeated run may replace the first.
  std::vector<std::filesystem::path> files;
  for (const std::string& value :
       line.values_but_of({"--output", "--junit", "--json", "BASELINE", "--config"})) {
    // A pattern such as results/*.json also finds tests, which the stages ignore.
    const bool is_test = value.ends_with(".flip.json") || value.ends_with(".sanity.json");
    std::error_code no_path;
    if (!is_test && std::filesystem::is_regular_file(value, no_path)) files.emplace_back(value);
  }
  keep_inputs(files);
}

int parse_and_run(int argc, char** argv, const StageText& text,
                  const std::function<void(CommandLine&)>& declare,
                  const std::function<int()>& run) {
  CommandLine line(fmt::format("Example:\n  {}\n\n{}", text.example, text.summary),
                   fmt::format("relax-spectro {}", text.name));
  declare(line);
  try {
    if (!line.parse(argc, argv)) return kSuccess;
    keep_named_inputs(line);
    return run();
  } catch (const UsageError& error) {
    say(fmt::format("{}\nTry: relax-spectro {} --help", error.what(), text.name));
    return kUsage;
  }
}

}  // namespace

void say(std::string_view text) { put_message(fmt::format("relax-spectro: {}\n", text)); }

std::string typed_command(int argc, char** argv) {
  constexpr std::string_view kNeedQuotes = " \t\n\"'\\$`*?[]{}()<>|&;!#~";
  // The driver runs relax-spectro-STAGE with argv[0] = STAGE.
  std::string text = "relax-spectro";
  for (int i = 0; i < argc; ++i) {
    std::string word = argv[i];
    if (i == 0) word = word.substr(word.rfind('/') + 1);
    if (i == 0 && word.starts_with("relax-spectro-")) word.erase(0, text.size() + 1);
    const bool plain = !word.empty() && word.find_first_of(kNeedQuotes) == std::string::npos;
    if (!plain) {
      std::string quoted;
      for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
      word = "'" + quoted + "'";
    }
    text += " " + word;
  }
  return text;
}

namespace {

/// Runs a stage and turns every error into a message and an exit code.
int guarded(int argc, char** argv, const StageText& text,
            const std::function<void(CommandLine&)>& declare, const std::function<int()>& run) {
  int code = kInternal;
  try {
    code = parse_and_run(argc, argv, text, declare, run);
  } catch (const Interrupted&) {
    say("interrupted");
    code = kInterrupted;
  } catch (const ConfigError& error) {
    say(error.what());
    code = kUsage;
  } catch (const Error& error) {
    say(error.what());
    code = kFailure;
  } catch (const std::bad_alloc&) {
    say("out of memory");
    code = kFailure;
  } catch (const std::system_error& error) {  // the disk, the file system
    say(error.what());
    code = kFailure;
  } catch (const std::exception& error) {
    say(fmt::format("internal error: {}. Please report it, with the command that you ran",
                    error.what()));
  }
  if (!finish_output() && code == kSuccess) return kFailure;
  return code;
}

}  // namespace

int run_declared(int argc, char** argv, const StageText& text,
                 const std::function<void(CommandLine&)>& declare,
                 const std::function<int()>& run) {
  prepare_streams();
  const int code = guarded(argc, argv, text, declare, run);
#ifndef __SANITIZE_ADDRESS__  // it searches for leaks at the end
  // All is written. To take down LibTorch's tables would take a tenth of a second.
  std::_Exit(code);
#endif
  return code;
}

}  // namespace relax_spectro::cli
