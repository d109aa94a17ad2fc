#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "audio/sound_file.hpp"
#include "audio/sound_pieces.hpp"
#include "cli/edits.hpp"
#include "cli/interruption.hpp"
#include "cli/options.hpp"
#include "cli/result_models.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "featout/copy.hpp"
#include "files/labels_table.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/recording_search.hpp"
#include "results/result_folder.hpp"
#include "resynthesis/listen_sounds.hpp"
#include "resynthesis/long_part.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "featout",
    "Writes copies of labelled recordings without what the model leans on, to train with.\n"
    "Suppresses the places where the map of the label is highest. It helps against shortcuts, and\n"
    "nowhere else: always train with --control random, too. Writes NAME.featout.npz and manifest.csv.",
    "relax-spectro batch train.csv --score label --fill band-mean -o maps\n"
    "  relax-spectro featout maps --labels train.csv -o augmented"};

constexpr std::array kEndings{".featout.npz", ".featout.wav"};

struct Request {
  std::vector<std::filesystem::path> files;
  std::filesystem::path labels;
  std::string which = "correct";
  std::string fill = "band-mean";
  std::optional<std::string> round;
  std::size_t seed = 0;
  bool wav = false;
  std::filesystem::path recordings;
  cli::Edits<PatchOptions> typed;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output;
  cli::TalkOptions talk;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &files, "Results of batch --score label (NAME.json), or folders of them")
        .required();
    line.option("--labels", &labels, "CSV with file and label, and optionally group and fold")
        .type_name("TABLE")
        .required();
    line.option("--which", &which,
                "Recordings: correct (the model hears the label), all, or confident:P")
        .type_name("WHICH");
    cli::declare_recordings(line, recordings);
    line.group(cli::HelpGroup::masks);
    typed.number(line, "--patches", &PatchOptions::most, "Places to suppress in each recording")
        .whole_number(1);
    line.option("--round", &round, "Round R of N of a training, from 0: 1 + 10 R / N patches")
        .type_name("R/N")
        .default_text("none")
        .excludes("--patches");
    typed
        .text(line, "--control", &PatchOptions::places, parse_patch_places,
              "Other places instead: random, or keep (the least salient)")
        .type_name("NAME")
        .default_text("none");
    line.option("--fill", &fill, "What stands in their place: zero, silence, band-mean, blur ...")
        .type_name("FILL");
    typed
        .number(line, "--share", &PatchOptions::share, "Share of the map that the places may cover")
        .type_name("X");
    typed
        .text(line, "--profile", &PatchOptions::profile, parse_patch_profile,
              "How suppression falls to a place's edge: flat (not at all) or cosine")
        .type_name("NAME")
        .default_text("flat")
        .rare();
    typed
        .number(line, "--min-se", &PatchOptions::least_se,
                "Standard errors that a place must be above")
        .type_name("Z")
        .rare();
    typed
        .number(line, "--most-mass", &PatchOptions::most_mass,
                "Share of the map's positive contrast that may be suppressed")
        .type_name("X")
        .rare();
    line.option("--seed", &seed, "Seed of random places").whole_number();
    output.declare(line, "Folder for the copies");
    line.at("--output").required();
    line.flag("--wav", &wav, "Also NAME.featout.wav: the sound of each copy");
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }
};

/// A result, its label and where its copy goes.
struct Source {
  std::filesystem::path json_path;
  std::filesystem::path stem;
  RecordingLabel label;
};

std::vector<Source> sources_of(const Request& request) {
  const std::vector<NamedResult> named = named_results(request.files);
  const std::vector<std::filesystem::path> stems = output_stems(named);
  std::vector<std::string> recordings;
  for (const NamedResult& one : named) {
    recordings.push_back(read_result(one.json_path).provenance.input.path.string());
  }
  const std::vector<RecordingLabel> labels = LabelsTable(request.labels).of(recordings);
  std::vector<Source> sources;
  for (std::size_t i = 0; i < named.size(); ++i) {
    sources.push_back({named[i].json_path, stems[i], labels[i]});
  }
  return sources;
}

/// Makes the sound of a copy, with all channels of the recording. Sound that the model does not hear
/// stays.
void make_sound(const Result& result, const std::filesystem::path& recording,
                const Array2d<double>& weights, const Fill& fill, GrowingSound& sound,
                int rate_hz) {
  const FrontEndConfig& front_end = result.card.front_end;
  const AudioOptions& options = result.provenance.audio;
  RecordingWindows whole;
  whole.spectrogram = spectrogram_of(recording, options, front_end, weights.columns);
  for (const WindowSummary& window : result.explanation.windows) {
    whole.windows.push_back(window.frames);
  }
  const Array2d<float> weight = converted<float>(weights);
  LongPart part(PartKind::rest, front_end, whole, weight, fill,
                result.options.masks.effective_seed(),
                {ResynthesisOptions{}.refinements, BeyondBands::keep});
  SoundJoin join(front_end, rate_hz);
  SoundPieces pieces(recording, options, front_end, weights.columns);
  for (SoundPiece piece; pieces.next(piece);) {
    sound.add(interleaved(join.add(piece, part.add(piece))));
  }
}

/// Makes the copies of recordings.
class Copies {
 public:
  explicit Copies(const Request& request)
      : request_(request),
        choice_(CopyChoice::parse(request.which)),
        fill_(parse_fill(request.fill)),
        options_(request.typed.over({})),
        manifest_(request.output.path / "manifest.csv", request.output.overwrite()),
        models_(request.model, request.engine, request.talk),
        recordings_(request.recordings) {
    if (request.round) options_.most = Round::parse(*request.round).patches();
    if (options_.most == 0) {
      throw ConfigError("--round 0 suppresses nothing; train with the recordings themselves");
    }
    options_.validate();
    manifest_.clear_place();
  }

  /// @throws IoError  a copy is already there and may not be overwritten.
  void refuse_existing(const Source& source) const {
    for (const char* ending : kEndings) {
      relax_spectro::refuse_existing(place_of(source, ending), request_.output.overwrite());
    }
  }

  void add(const Source& source) {
    Result result = read_result(source.json_path);
    for (const char* ending : kEndings) {
      OutputFile(place_of(source, ending), request_.output.overwrite()).clear_place();
    }
    if (const auto reason = reason_against_copy(result, source.label.label, choice_)) {
      return leave_out(source, *reason);
    }
    Explanation& explanation = result.explanation;
    read_arrays(source.json_path, {"contrast", "standard_error", "spectrogram"}, explanation);
    CopyRow row{source.stem.string() + ".featout.npz",
                result.provenance.input.path.string(),
                source.label,
                suppress(result, options_, fill_, request_.seed),
                {},
                {},
                {}};
    if (row.made.patches.empty()) {
      return leave_out(source,
                       fmt::format("no place is above {} standard errors", options_.least_se));
    }
    if (std::filesystem::exists(result.provenance.model.path)) {
      Engine& engine = models_.engine_for(result.provenance, source.json_path);
      row.before = label_score(engine, result, explanation.spectrogram.values);
      row.after = label_score(engine, result, row.made.spectrogram);
      const double least = chance(engine.card());
      if (row.before->probability >= least && row.after->probability < least) {
        return leave_out(source, "without these places, the label is less probable than by chance");
      }
    } else if (warned_of_.insert(result.provenance.model.path).second) {
      request_.talk.warn(result.provenance.model.path,
                         "is not there, so copies are not tested for their label");
    }
    row.axes.time_s = explanation.spectrogram.time_s;
    row.axes.frequency_hz = explanation.spectrogram.frequency_hz;
    OutputFile arrays(request_.output.path / row.file, request_.output.overwrite());
    write_suppressed(arrays.temporary_path(), row.made, row.axes);
    if (request_.wav) row.file = write_sound(source, result, row.made.weights);
    arrays.commit();
    row.made.weights = {};  // the table needs only the patches
    row.made.spectrogram = {};
    rows_.push_back(std::move(row));
  }

  void finish() {
    if (rows_.empty()) {
      throw Error(fmt::format("{}: no recording gets a copy; see the reasons above",
                              request_.output.path.string()));
    }
    manifest_.write(copies_csv(rows_, request_.round.value_or("")));
    manifest_.commit();
    cli::print("{}: {} copies, {} recordings left out\n",
               (request_.output.path / "manifest.csv").string(), rows_.size(), left_out_);
  }

 private:
  [[nodiscard]] std::filesystem::path place_of(const Source& source, const char* ending) const {
    return request_.output.path / (source.stem.string() + ending);
  }

  /// @returns  the name of the file, beside the table.
  std::string write_sound(const Source& source, const Result& result,
                          const Array2d<double>& weights) {
    const SourceFile input = recordings_.find(result.provenance.input, source.json_path);
    request_.talk.warn_if_changed(result.provenance.input, input, source.json_path);
    const Audio file = core::SoundReader(input.path, result.provenance.audio).no_samples();
    std::string name = source.stem.string() + ".featout.wav";
    GrowingSound sound(request_.output.path / name, request_.output.overwrite(),
                       file.sample_rate_hz, static_cast<std::size_t>(file.channels_of_file));
    make_sound(result, input.path, weights, fill_, sound, file.sample_rate_hz);
    const WrittenSound written =
        sound.finish(1.0, fmt::format("copy of {} without what {} leans on",
                                      input.path.filename().string(), result.card.name));
    if (written.level_db < 0.0) {
      request_.talk.warn(source.json_path,
                         fmt::format("the sound is {:.1f} dB quieter, so that it is not clipped",
                                     -written.level_db));
    }
    sound.commit();
    return name;
  }

  void leave_out(const Source& source, const std::string& reason) {
    ++left_out_;
    request_.talk.warn(source.json_path, "left out: " + reason);
  }

  const Request& request_;
  CopyChoice choice_;
  Fill fill_;
  PatchOptions options_;
  OutputFile manifest_;
  cli::ResultModels models_;
  RecordingSearch recordings_;
  std::vector<CopyRow> rows_;
  std::set<std::filesystem::path> warned_of_;
  std::size_t left_out_ = 0;
};

int run(Request& request) {
  Copies copies(request);
  const std::vector<Source> sources = sources_of(request);
  std::vector<std::filesystem::path> results;
  for (const Source& source : sources) {
    copies.refuse_existing(source);
    results.push_back(source.json_path);
  }
  cli::note_interruptions();
  const int code = cli::for_each_input(results, [&](std::size_t i) {
    cli::stop_if_interrupted();
    copies.add(sources[i]);
  });
  copies.finish();
  return code;
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
