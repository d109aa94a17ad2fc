#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "batch/batch_table.hpp"
#include "cli/options.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "files/folder_walk.hpp"
#include "relax_spectro/base/error.hpp"
#include "render/report.hpp"
#include "results/result_folder.hpp"

namespace {

using namespace relax_spectro;
namespace fs = std::filesystem;

constexpr cli::StageText kText{
    "report",
    "Writes one self-contained page (HTML) about results. It has an overview to sort. For each\n"
    "recording, it shows the map over the spectrogram, plays the sound and lists the tests.\n"
    "Maps of one recording for several models or scores stand side by side.",
    "relax-spectro report results"};

struct Request {
  std::vector<fs::path> paths;
  std::string audio{to_string(ReportOptions{}.audio)};
  ReportOptions options;
  cli::OutputOptions output;
  cli::TalkOptions talk;
  std::string command_line;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &paths,
                "Folders with results of explain, batch, probe ..., or results (NAME.json)")
        .required();
    cli::declare_recordings(line, options.recordings);
    output.declare(line, "Page to write");
    line.at("--output").default_text("report.html, beside the results");
    line.option("--audio", &audio, "Recordings in the page: embed (large ones: link), link or none")
        .type_name("HOW");
    line.option("--audio-limit", &options.most_embedded_mib, "Largest recording to embed, in MiB")
        .type_name("MIB");
    talk.declare(line);
  }
};

/// The findings that are named or lie in named folders.
std::vector<fs::path> findings_of(const std::vector<fs::path>& paths) {
  std::vector<fs::path> findings;
  for (const fs::path& path : paths) {
    const std::vector<fs::path> files =
        fs::is_directory(path) ? core::files_below(path).files : std::vector{path};
    std::ranges::copy_if(files, std::back_inserter(findings), is_finding);
  }
  return findings;
}

/// Beside the first results.
fs::path default_page(const fs::path& first) {
  return (fs::is_directory(first) ? first : first.parent_path()) / "report.html";
}

/// The title names the folder.
std::string title_of(const std::vector<fs::path>& paths, std::size_t results) {
  if (paths.size() > 1 || !fs::is_directory(paths.front())) {
    return fmt::format("{} result{}", results, results == 1 ? "" : "s");
  }
  fs::path folder = fs::absolute(paths.front()).lexically_normal();
  if (!folder.has_filename()) folder = folder.parent_path();
  return "Results in " + folder.filename().string();
}

int exit_code(std::size_t failed, std::size_t results) {
  if (failed == 0) return cli::kSuccess;
  cli::say(fmt::format("{} of {} results could not be read completely; the page lists them", failed,
                       results));
  return failed < results ? cli::kSomeFailed : cli::kFailure;
}

/// The results. There are none if all recordings of a batch failed; the page lists those. Or there
/// are findings only.
std::vector<NamedResult> results_of(std::vector<fs::path> paths, bool has_findings) {
  std::erase_if(paths, is_finding);
  if (paths.empty()) return {};
  try {
    return named_results(paths);
  } catch (const IoError&) {
    if (has_findings) return {};
    for (const fs::path& path : paths) {
      if (!fs::is_directory(path) || unfinished_recordings(path).empty()) throw;
    }
    return {};
  }
}

/// Adds the results, and returns how many could not be read completely.
std::size_t add_all(Report& report, const std::vector<NamedResult>& results,
                    const cli::TalkOptions& talk) {
  cli::ProgressBar bar("report", talk.shows_progress());
  std::size_t done = 0;
  std::size_t failed = 0;
  for (const ReportedRecording& recording : report.by_recording(results)) {
    const std::vector<ReportedResult> reported = report.add(recording);
    for (std::size_t i = 0; i < reported.size(); ++i) {
      for (const std::string& error : reported[i].errors) cli::say(error);
      for (const std::string& warning : reported[i].warnings) {
        talk.warn(recording.results[i].json_path, warning);
      }
      if (!reported[i].errors.empty()) ++failed;
    }
    done += reported.size();
    bar.update(done, results.size());
  }
  return failed;
}

int run(Request& request) {
  request.options.audio = parse_report_audio(request.audio);
  request.options.validate();
  const std::vector<fs::path> findings = findings_of(request.paths);
  const std::vector<NamedResult> results = results_of(request.paths, !findings.empty());
  fs::path page = request.output.path;
  if (page.empty()) page = default_page(request.paths.front());
  Report report(page, request.options, request.output.overwrite());
  bool table_failed = false;
  for (const fs::path& path : request.paths) {
    if (!fs::is_directory(path)) continue;
    if (const std::optional<std::string> error = report.add_batch(path)) {
      cli::say(*error);
      table_failed = true;
    }
  }
  std::size_t failed = 0;
  for (const fs::path& finding : findings) {
    if (const std::optional<std::string> error = report.add_finding(finding)) {
      cli::say(*error);
      ++failed;
    }
  }
  failed += add_all(report, results, request.talk);
  const std::size_t count = results.size() + findings.size();
  report.finish(title_of(request.paths, count), request.command_line);
  cli::print("{}\n", page.string());
  const int code = exit_code(failed, count);
  return code == cli::kSuccess && table_failed ? cli::kSomeFailed : code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
