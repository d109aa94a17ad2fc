#include "relax_spectro/localisation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/options.hpp"
#include "cli/stage.hpp"
#include "relax_spectro/boxes.hpp"
#include "relax_spectro/complexity.hpp"
#include "relax_spectro/error.hpp"
#include "relax_spectro/localisation_table.hpp"
#include "relax_spectro/output_file.hpp"
#include "relax_spectro/result_map.hpp"
#include "relax_spectro/result_reader.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "localise",
    "Says how well the maps of results lie where annotated events are: a CSV with a row a result,\n"
    "on stdout or in a file. The same is measured for loudness (the spectrogram itself), which a\n"
    "map must beat to say more than that events are loud.\n\n"
    "In the relevance mass accuracy, negative values count as 0; attribution localisation and the\n"
    "complexity numbers take absolute values. README.md says how to read the table,\n"
    "data/FORMAT.md lists its columns.",
    "relax-spectro explain *.wav -o results\n"
    "  relax-spectro localise results/*.json --boxes boxes.csv -o localisation.csv"};

struct Request {
  std::vector<std::filesystem::path> files;
  std::filesystem::path boxes;
  std::optional<std::string> label;
  std::string map = "contrast";
  std::optional<std::size_t> top_k;
  cli::OutputOptions output;
  cli::TalkOptions talk;

  void declare(CLI::App& app) {
    app.add_option("files", files, "Results of explain (NAME.json, with NAME.npz beside it)")
        ->required()
        ->type_name("RESULT");
    app.add_option(
           "--boxes", boxes,
           "The events: a CSV with the columns start_s and end_s and, where wanted, low_hz, "
           "high_hz, label and file; or a selection table of Raven")
        ->required()
        ->type_name("TABLE");
    app.add_option("--label", label, "Only the boxes of this label [all]");
    app.add_option("--map", map, "Which map: contrast, importance, u_relax or uncertainty")
        ->capture_default_str()
        ->check(CLI::IsMember({"contrast", "importance", "u_relax", "uncertainty"}));
    app.add_option("--top-k", top_k,
                   "Bins that the top-k intersection looks at [as many as lie in the boxes]")
        ->type_name("N")
        ->transform(cli::whole_number(1));
    output.declare(app, "A .csv to write [CSV on stdout]");
    talk.declare(app);
  }
};

void check_output(const cli::OutputOptions& output) {
  if (output.path.empty()) return;
  if (output.path.extension() != ".csv") {
    throw ConfigError(fmt::format("{}: the table is written as .csv; expected this ending",
                                  output.path.string()));
  }
  refuse_existing(output.path, output.overwrite());
}

void require_label(const BoxTable& table, const std::string& label) {
  std::set<std::string> labels;
  for (const AnnotatedBox& box : table.boxes) labels.insert(box.label);
  if (labels.contains(label)) return;
  throw ConfigError(fmt::format("--label is '{}', which no box of {} has; its labels are: {}",
                                label, table.path.string(), fmt::join(labels, ", ")));
}

/// How loud each bin is above the quietest, where the map has a value.
std::vector<double> loudness_of(const ResultMap& result) {
  std::vector<double> loudness = result.spectrogram.values;
  const double quietest = *std::ranges::min_element(loudness);
  for (std::size_t i = 0; i < loudness.size(); ++i) {
    loudness[i] = std::isfinite(result.values.values[i]) ? loudness[i] - quietest
                                                         : std::numeric_limits<double>::quiet_NaN();
  }
  return loudness;
}

/// Compares results with the boxes of one table.
class Comparison {
 public:
  explicit Comparison(const Request& request)
      : request_(request), table_(read_boxes(request.boxes)) {
    if (request.label) require_label(table_, *request.label);
  }

  [[nodiscard]] LocalisationRow row_of(const std::filesystem::path& file) {
    const ResultSummary summary = read_result_summary(file);
    const std::vector<AnnotatedBox> boxes = boxes_of(summary.input_path);
    if (boxes.empty()) {
      request_.talk.warn(file, fmt::format("no box is labelled '{}'", *request_.label));
    }
    const ResultMap result = read_result_map(file, request_.map);
    const Array2d<std::uint8_t> inside =
        bins_inside(boxes,
                    {result.time_s, result.frequency_hz, summary.input_duration_s,
                     0.5 * summary.input_sample_rate_hz},
                    table_.path);
    const LocalisationOptions options{request_.top_k, RelevanceMass::positive_values};
    LocalisationRow row{file, request_.map, boxes.size(), {}, {}, {}};
    row.localisation = localise(result.values.values, inside.values, options);
    row.loudness = localise(loudness_of(result), inside.values, options);
    row.complexity = complexity_of(result.values.values);
    return row;
  }

 private:
  [[nodiscard]] std::vector<AnnotatedBox> boxes_of(const std::filesystem::path& recording) {
    if (!table_.names_recordings) require_first_recording(recording);
    const std::vector<AnnotatedBox> boxes = boxes_of_recording(table_, recording);
    return request_.label ? boxes_labelled(boxes, *request_.label) : boxes;
  }

  /// Boxes that do not say of which recording they are cannot be of several.
  void require_first_recording(const std::filesystem::path& recording) {
    if (first_recording_.empty()) first_recording_ = recording.filename();
    if (first_recording_ == recording.filename()) return;
    throw ConfigError(fmt::format(
        "{}: does not say of which recording its boxes are, but results of {} and of {} were "
        "given; "
        "expected a column that names the file (file, or Begin File)",
        table_.path.string(), first_recording_.string(), recording.filename().string()));
  }

  const Request& request_;
  BoxTable table_;
  std::filesystem::path first_recording_;
};

/// In how many recordings the map beats loudness, in words.
std::string verdict(const std::vector<LocalisationRow>& rows, const std::string& map) {
  std::size_t compared = 0;
  std::size_t beaten = 0;
  for (const LocalisationRow& row : rows) {
    const std::optional<bool> beats = beats_loudness(row);
    if (beats) ++compared;
    if (beats.value_or(false)) ++beaten;
  }
  return fmt::format("{} beats loudness in {} of {} recording{} (more of its mass in the boxes)",
                     map, beaten, compared, compared == 1 ? "" : "s");
}

int run(const Request& request) {
  check_output(request.output);
  Comparison comparison(request);
  std::vector<LocalisationRow> rows;
  const int code = cli::for_each_input(
      request.files, [&](std::size_t i) { rows.push_back(comparison.row_of(request.files[i])); });
  if (rows.empty()) return code;
  const std::string table = localisation_csv(rows);
  if (request.output.path.empty()) {
    fmt::print("{}", table);
  } else {
    write_text_file(request.output.path, table, request.output.overwrite());
    fmt::print("{}\n", request.output.path.string());
  }
  if (!request.talk.quiet) cli::say(verdict(rows, request.map));
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  return cli::run_stage(argc, argv, kText, [&request](CLI::App& app) {
    request.declare(app);
    return [&request] { return run(request); };
  });
}
