#include <fmt/format.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "check/check_report.hpp"
#include "check/result_check.hpp"
#include "cli/check_table.hpp"
#include "cli/options.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/render/figure.hpp"
#include "render/comparison_figure.hpp"

namespace {

using namespace relax_spectro;
namespace fs = std::filesystem;

constexpr cli::StageText kText{
    "check",
    "Compares results with a baseline, for CI. Fails if a map changed by more than its noise,\n"
    "or if the model hears another class. Another seed passes, another model does not.",
    "relax-spectro check baseline results --junit check.xml -o changed"};

struct Request {
  fs::path baseline;
  fs::path current;
  CheckOptions options;
  std::optional<fs::path> junit;
  std::optional<fs::path> json;
  bool update = false;
  cli::OutputOptions output;
  std::string figure = "png";
  cli::TalkOptions talk;
  std::string command_line;

  void declare(cli::CommandLine& line);
  void declare_limits(cli::CommandLine& line);
};

void Request::declare_limits(cli::CommandLine& line) {
  ComparisonLimits& limits = options.limits;
  line.group(cli::HelpGroup::limits);
  line.option("--false-alarms", &limits.false_alarms,
              "Probability that a check fails though only the seed changed")
      .type_name("P");
  line.option("--min-correlation", &limits.least_correlation, "Least correlation of the contrast")
      .type_name("R")
      .default_text("from the noise");
  line.option("--max-difference", &limits.most_standard_errors,
              "Largest difference, in standard errors")
      .type_name("SE")
      .default_text("from the noise");
  line.option("--max-shift-s", &limits.most_shift_s,
              "Largest shift of the map's centre, in seconds")
      .type_name("S")
      .default_text("from the noise");
  line.option("--max-shift-hz", &limits.most_shift_hz,
              "Largest shift of the map's centre, in Hertz")
      .type_name("HZ")
      .default_text("from the noise");
  line.option("--max-flip-change", &options.most_flip_change,
              "Largest change of the faithfulness that flip measured")
      .type_name("X")
      .default_text("a quarter of it");
  line.flag("--ignore-options", &options.ignore_options,
            "Compare results although their options or recordings differ")
      .rare();
}

void Request::declare(cli::CommandLine& line) {
  line.group(cli::HelpGroup::input);
  line.option("BASELINE", &baseline, "Folder with results of explain, or one NAME.json").required();
  line.option("CURRENT", &current, "Results to compare with it, by their relative names")
      .required();
  declare_limits(line);
  output.declare(line, "Folder for a figure of each map that changed");
  line.option("--figure", &figure, "Format of the figures: png, svg or pdf")
      .type_name("FORMAT")
      .one_of({"png", "svg", "pdf"});
  line.option("--junit", &junit, "Write a report as JUnit XML").type_name("FILE");
  line.option("--json", &json, "Write all numbers as JSON").type_name("FILE");
  line.flag("--update", &update, "Accept the changes: copy new results over the baseline");
  talk.declare(line);
}

/// Where the figure of a changed map goes. The results keep their relative folders.
fs::path figure_path(const Request& request, const std::string& name) {
  return request.output.path / (name + ".check." + request.figure);
}

void draw_change(const Request& request, const ResultPair& pair, const CheckedResult& checked) {
  OutputFile figure(figure_path(request, pair.name), request.output.overwrite());
  draw_figure(figure.temporary_path(),
              comparison_figure(read_compared(*pair.baseline), read_compared(*pair.current),
                                *checked.map, pair.name));
  figure.commit();
}

/// Compares all pairs, and draws the changed ones.
CheckReport check_all(const Request& request, const std::vector<ResultPair>& pairs) {
  for (const ResultPair& pair : pairs) {  // before the work starts
    if (!request.output.path.empty()) {
      refuse_existing(figure_path(request, pair.name), request.output.overwrite());
    }
  }
  CheckReport report{request.baseline, request.current, request.command_line, request.options, {}};
  cli::ProgressBar bar("check", request.talk.shows_progress());
  for (const ResultPair& pair : pairs) {
    CheckedResult checked = check_pair(pair, request.options, pairs.size());
    if (!request.output.path.empty() && !checked.passes() && checked.map) {
      draw_change(request, pair, checked);
    }
    if (checked.map) checked.map->difference = {};  // thousands of them would fill the memory
    report.results.push_back(std::move(checked));
    bar.update(report.results.size(), pairs.size());
  }
  return report;
}

void write_reports(const Request& request, const CheckReport& report) {
  if (request.junit) {
    write_text_file(*request.junit, check_junit(report), request.output.overwrite());
  }
  if (request.json) {
    write_text_file(*request.json, check_json(report), request.output.overwrite());
  }
}

/// Accepts the changes and prints them. @returns  the exit code. A missing result still fails.
int update(const Request& request, const CheckReport& report,
           const std::vector<ResultPair>& pairs) {
  int code = cli::kSuccess;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const CheckStatus status = report.results[i].status;
    if (status == CheckStatus::missing) {
      cli::print("{}: not in {}, so it is kept; delete it if it is no longer needed\n",
                 pairs[i].baseline->string(), request.current.string());
      code = cli::kCheckFailed;
    }
    if (status == CheckStatus::changed || status == CheckStatus::other ||
        status == CheckStatus::added) {
      for (const fs::path& file : accept_result(pairs[i], request.baseline)) {
        cli::print("accepted {}\n", file.string());
      }
    }
  }
  return code;
}

/// Keeps reports from replacing a result that is read.
void keep_results(const Request& request, const std::vector<ResultPair>& pairs) {
  std::vector<fs::path> results;
  for (const ResultPair& pair : pairs) {
    if (pair.current) results.push_back(*pair.current);
    if (pair.baseline && !request.update) results.push_back(*pair.baseline);
  }
  keep_inputs(results);
}

int run(const Request& request) {
  request.options.validate();
  // The first time, there is no baseline yet.
  if (request.update && fs::is_directory(request.current)) fs::create_directories(request.baseline);
  const std::vector<ResultPair> pairs = pair_results(request.baseline, request.current);
  keep_results(request, pairs);
  if (request.junit) refuse_existing(*request.junit, request.output.overwrite());
  if (request.json) refuse_existing(*request.json, request.output.overwrite());
  const CheckReport report = check_all(request, pairs);
  write_reports(request, report);
  cli::print("{}", cli::check_table(report));
  const bool all_read = report.count(CheckStatus::unreadable) == 0;
  for (const CheckedResult& result : report.results) {
    if (result.status == CheckStatus::unreadable) cli::say(result.reasons.front());
  }
  if (request.update) {
    const int code = update(request, report, pairs);
    return all_read ? code : cli::kFailure;
  }
  if (!all_read) return cli::kFailure;
  return report.passes() ? cli::kSuccess : cli::kCheckFailed;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
