#include "interactions/interactions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/edits.hpp"
#include "cli/options.hpp"
#include "cli/progress_bar.hpp"
#include "cli/result_paths.hpp"
#include "cli/stage.hpp"
#include "cli/stopwatch.hpp"
#include "cli/streams.hpp"
#include "evaluation/recording_boxes.hpp"
#include "files/labels_table.hpp"
#include "files/output_names.hpp"
#include "interactions/interactions_file.hpp"
#include "interactions/other_model.hpp"
#include "relax_spectro/base/error.hpp"
#include "render/interactions_figure.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "interactions",
    "Shows which bands, times or annotated events work together. Masks them alone and in pairs:\n"
    "does the model need both, or is either enough? Writes NAME.interactions.npz, .csv, .json and\n"
    "a figure.",
    "relax-spectro interactions recording.wav --grid 12x1 -o results"};

struct Request {
  cli::InputOptions input;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  cli::Edits<InteractionOptions> typed;
  std::optional<std::filesystem::path> boxes;
  std::optional<std::filesystem::path> labels;
  std::optional<std::filesystem::path> against;
  std::string figure = "png";
  std::string command_line;

  void declare(cli::CommandLine& line) {
    input.declare(line);
    model.declare(line);
    line.group(cli::HelpGroup::masks);
    typed
        .text(
            line, "--grid", &InteractionOptions::grid,
            [](const std::string& text) { return parse_size(text, "--grid"); },
            "Parts to mask, frequency x time: counts, or sizes such as 500Hzx0.5s")
        .type_name("SIZE");
    line.option("--boxes", &boxes, "Parts to mask: annotated events, instead of a grid")
        .type_name("TABLE")
        .excludes("--grid");
    line.option("--labels", &labels, "Also the mean of each label: a CSV with file and label")
        .type_name("TABLE")
        .excludes("--boxes");
    line.option("--against", &against, "Results of another model: also test what differs")
        .type_name("FOLDER")
        .excludes("--boxes");
    typed
        .text(line, "--context", &InteractionOptions::context, parse_pair_context,
              "What the other parts are: average (kept or masked) or whole (kept)")
        .type_name("NAME");
    typed.number(line, "--masks", &InteractionOptions::count, "Number of masks in a window")
        .default_text("all patterns of up to 10 parts, else one code")
        .whole_number(2)
        .rare();
    typed.number(line, "--seed", &InteractionOptions::seed, "Seed of the masks").whole_number();
    typed
        .text(line, "--fill", &InteractionOptions::fill, parse_fill,
              "What replaces masked bins: zero, silence, min, mean, noise, blur ...")
        .type_name("FILL");
    line.group(cli::HelpGroup::measured);
    typed
        .text(line, "--score", &InteractionOptions::score, parse_score,
              "top, CLASS, prob:CLASS, A-B, or cosine, dot, l2 (of embeddings)")
        .type_name("SCORE");
    typed
        .number(line, "--hop", &InteractionOptions::hop_s,
                "Time from one window to the next, in seconds")
        .type_name("S")
        .default_text("the model's");
    output.declare(line, "Folder for the results");
    cli::declare_figure(line, figure);
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }
};

/// The annotated events in the part of a recording that --begin and --end choose.
/// @param warnings  get one if there are events outside of it.
std::vector<AnnotatedBox> boxes_in_part(const std::vector<AnnotatedBox>& boxes,
                                        const std::filesystem::path& table,
                                        const Provenance& provenance,
                                        std::vector<std::string>& warnings) {
  if (!provenance.audio.begin_s && !provenance.audio.end_s) return boxes;
  const double begin_s = provenance.audio.begin_s.value_or(0.0);
  const double end_s = provenance.input_end_s();
  std::vector<AnnotatedBox> inside = boxes_between(boxes, begin_s, end_s);
  if (inside.empty()) {
    throw ConfigError(
        fmt::format("none of its boxes in {} lies between {:.3f} and {:.3f} s; "
                    "expected one there: choose another part by --begin and --end",
                    table.string(), begin_s, end_s));
  }
  if (inside.size() < boxes.size()) {
    warnings.push_back(
        fmt::format("{} of {} boxes lie outside of the part from {:.3f} to {:.3f} s, and are left "
                    "out",
                    boxes.size() - inside.size(), boxes.size(), begin_s, end_s));
  }
  return inside;
}

/// Annotated events of a recording as groups, if they are asked for.
std::optional<CellGroups> groups_of(const RecordingBoxes* boxes, const Request& request,
                                    const Provenance& provenance, RecordingWindows& recording) {
  if (boxes == nullptr) return std::nullopt;
  require_one_window(recording);
  const Spectrogram& spectrogram = recording.spectrogram;
  const FrameRange window = recording.windows.front();
  return box_groups(
      boxes_in_part(boxes->of(provenance.input), *request.boxes, provenance, recording.warnings),
      {std::span(spectrogram.time_s).subspan(window.begin, window.count), spectrogram.frequency_hz,
       provenance.input_end_s(), provenance.input_sample_rate_hz / 2.0},
      *request.boxes);
}

/// Each recording's label and group. Without a labels table it has no label, and is its own group.
std::vector<LabelledEffects> labelled(const Request& request) {
  std::vector<std::string> names;
  for (const auto& file : request.input.files) names.push_back(file.string());
  std::vector<LabelledEffects> recordings;
  if (!request.labels) {
    for (const std::string& name : names) recordings.push_back({"", name, {}});
    return recordings;
  }
  const LabelsTable labels(*request.labels);
  for (const RecordingLabel& row : labels.of(names)) {
    recordings.push_back({row.label, labels.has("group") ? row.group : row.file, {}});
  }
  return recordings;
}

/// What recordings say together: NAME.interactions.csv and a figure.
class OverRecordings {
 public:
  /// @param is_difference  from another model: there is a mean of all recordings too.
  OverRecordings(const Request& request, const std::string& name, bool is_difference)
      : request_(&request),
        is_difference_(is_difference),
        paths_{request.output.path / (name + ".interactions"), request.figure} {
    refuse_existing(paths_.with("csv"), request.output.overwrite());
    if (paths_.has_figure()) refuse_existing(paths_.shown(), request.output.overwrite());
  }

  void add(LabelledEffects recording, const InteractionResult& result) {
    models_ = model_text(result);
    add_effects(std::move(recording), result, result.found.effects);
  }

  /// The same, less the result of another model.
  void add_less(LabelledEffects recording, const InteractionResult& result,
                const InteractionResult& other) {
    models_ = model_text(result) + " less " + model_text(other);
    add_effects(std::move(recording), result,
                effects_less(result.found.effects, other.found.effects));
  }

  void write() const {
    if (found_.empty()) return;
    std::vector<MeanEffects> means;
    if (is_difference_) {
      std::vector<LabelledEffects> all = found_;
      for (LabelledEffects& one : all) one.label.clear();
      means = effects_by_label(all);
    }
    if (request_->labels) std::ranges::copy(effects_by_label(found_), std::back_inserter(means));
    const Overwrite overwrite = request_->output.overwrite();
    if (paths_.has_figure()) {
      OutputFile figure(paths_.shown(), overwrite);
      draw_label_interactions(
          figure.temporary_path(), is_difference_,
          fmt::format("{}, score {}", models_, to_string(request_->typed.over({}).score)), means,
          groups_);
      figure.commit();
    }
    write_label_interactions(paths_.with("csv"), means, groups_, overwrite);
    cli::print("{}{}\n", paths_.with("csv").string(),
               is_difference_ ? ": " + verdict_of_difference(means.front(), groups_) : "");
  }

 private:
  void add_effects(LabelledEffects recording, const InteractionResult& result,
                   PairEffects effects) {
    groups_ = result.found.groups;
    recording.effects = std::move(effects);
    found_.push_back(std::move(recording));
  }

  const Request* request_;
  bool is_difference_;
  std::string models_;
  cli::ResultPaths paths_;
  std::vector<LabelledEffects> found_;
  std::vector<CellGroup> groups_;
};

/// The recordings with their hashes, which boxes need of all. A file that cannot be read keeps an
/// empty hash: it fails when its turn comes, and the others go on.
std::vector<SourceFile> hashed(const std::vector<std::filesystem::path>& files) {
  std::vector<SourceFile> recordings;
  for (const std::filesystem::path& file : files) {
    try {
      recordings.push_back(source_file(file));
    } catch (const IoError&) {
      recordings.push_back({file, ""});
    }
  }
  return recordings;
}

InteractionResult study_file(const SourceFile& recording_file, const std::filesystem::path& stem,
                             const RecordingBoxes* boxes, const std::optional<OtherResult>& other,
                             Engine& engine, const cli::LoadedModel& model,
                             const Request& request) {
  const cli::Stopwatch stopwatch;
  const std::filesystem::path& file = recording_file.path;
  OutputFiles outputs = interactions_files(stem, request.figure, request.output.overwrite());
  InteractionResult result;
  result.options = request.typed.over({});
  result.card = engine.card();
  Provenance& provenance = result.provenance;
  provenance.command_line = request.command_line;
  provenance.input = recording_file.sha256.empty() ? source_file(file) : recording_file;
  provenance.audio = request.input.audio.options;
  provenance.model = model.file;
  provenance.probe = model.probe;
  provenance.model_options = request.model.options();
  provenance.runtime = model.model->runtime();
  if (request.boxes) result.boxes = source_file(*request.boxes);
  const Audio audio = request.talk.read(file, provenance.audio);
  provenance.input_sample_rate_hz = audio.sample_rate_hz;
  provenance.input_duration_s = audio.duration_s();
  RecordingWindows recording =
      cut_recording(engine.model(), audio, {result.options.hop_s, Tail::cover});
  if (other) {
    const CellGroups parts = grid_groups(result.options.grid, engine.card(), recording.spectrogram,
                                         recording.windows.front());
    require_comparable(result, parts.groups, other->result, other->path);
  }
  const std::optional<CellGroups> groups = groups_of(boxes, request, provenance, recording);
  {
    cli::ProgressBar bar(file.filename().string(), request.talk.shows_progress());
    result.found =
        find_interactions(engine, recording, groups, result.options,
                          [&bar](std::size_t done, std::size_t all) { bar.update(done, all); });
  }
  provenance.seconds = stopwatch.seconds();
  for (const std::string& warning : result.found.warnings) request.talk.warn(file, warning);
  outputs.draw([&](const std::filesystem::path& path) {
    draw_interactions_figure(path, result, recording.spectrogram);
  });
  write_interactions(outputs, result);
  cli::print("{}: {}\n", outputs.shown().string(), verdict_of(result.found));
  return result;
}

int run(Request& request) {
  const std::vector<std::filesystem::path>& files = request.input.files;
  const std::vector<std::string> stems = unique_stems(files);
  if (request.against) check_other_folder(*request.against, request.output.path, stems);
  std::vector<SourceFile> recordings;
  std::unique_ptr<RecordingBoxes> boxes;
  if (request.boxes) {
    recordings = hashed(files);
    boxes = std::make_unique<RecordingBoxes>(read_boxes(*request.boxes), recordings);
  } else {
    for (const std::filesystem::path& file : files) recordings.push_back({file, ""});
  }
  const EngineOptions engine_options = request.engine.read();
  const cli::LoadedModel model = request.model.load(request.talk);
  Engine engine(*model.model, engine_options);
  const std::vector<LabelledEffects> known = labelled(request);
  std::optional<OverRecordings> by_label;
  if (request.labels) by_label.emplace(request, "by_label", false);
  std::optional<OverRecordings> against;
  if (request.against) against.emplace(request, "against", true);
  const int code = cli::for_each_input(files, [&](std::size_t i) {
    std::optional<OtherResult> other;
    if (request.against) other = read_other(*request.against, stems[i]);
    const InteractionResult result = study_file(recordings[i], request.output.path / stems[i],
                                                boxes.get(), other, engine, model, request);
    if (result.found.silent_share == 1.0 || (request.labels && known[i].label.empty())) return;
    if (by_label) by_label->add(known[i], result);
    if (other) against->add_less(known[i], result, other->result);
  });
  if (by_label) by_label->write();
  if (against) against->write();
  return code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
