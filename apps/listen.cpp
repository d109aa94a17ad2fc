#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audio/sound_pieces.hpp"
#include "audio/sound_reader.hpp"
#include "cli/interruption.hpp"
#include "cli/options.hpp"
#include "cli/result_models.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/recording_search.hpp"
#include "results/result_folder.hpp"
#include "results/verdict.hpp"
#include "resynthesis/listen_sounds.hpp"
#include "resynthesis/long_part.hpp"
#include "resynthesis/selection.hpp"

namespace {

using namespace relax_spectro;

constexpr cli::StageText kText{
    "listen",
    "Writes what a model listens to as sound: the salient part of a recording, and the rest.\n"
    "Says how well the network takes the sound for what it was given. Writes NAME.salient.wav,\n"
    "NAME.rest.wav and NAME.listen.json.",
    "relax-spectro listen results/recording.json -o results"};

constexpr double kLeastCosine = 0.9;
constexpr double kMostTooLoud = 0.01;
constexpr double kPauseS = 0.3;
constexpr double kMostPeak = 0.891;  // -1 dB of full scale

struct Request {
  std::vector<std::filesystem::path> files;
  std::filesystem::path recordings;
  std::string select = "contrast";
  std::string fill = "silence";
  bool beyond = false;
  bool ab = false;
  cli::ModelChoice model;
  cli::EngineChoice engine;
  cli::OutputOptions output{"relax-results"};
  cli::TalkOptions talk;
  std::string command_line;

  void declare(cli::CommandLine& line) {
    line.group(cli::HelpGroup::input);
    line.option("RESULT", &files, "Results of explain (NAME.json), or folders of them").required();
    cli::declare_recordings(line, recordings);
    line.group(cli::HelpGroup::measured);
    line.option("--select", &select, "What is salient: contrast, top:SHARE, se:Z, otsu, or regions")
        .type_name("HOW");
    line.option("--fill", &fill, "What stands in place of the other part; own: the result's")
        .type_name("FILL");
    line.flag("--ab", &ab, "Also NAME.ab.wav: the whole, the salient part, the rest");
    line.flag("--beyond", &beyond, "Keep sound outside the model's bands in both parts").rare();
    output.declare(line, "Folder for the sounds");
    model.declare_device(line);
    engine.declare(line);
    talk.declare(line);
  }

  [[nodiscard]] ResynthesisOptions resynthesis() const {
    return {ResynthesisOptions{}.refinements, beyond ? BeyondBands::keep : BeyondBands::mute};
  }
};

/// A recording, and what a result was made of.
struct Recording {
  std::filesystem::path path;
  AudioOptions options;
  Audio file;         ///< without samples
  double peak = 0.0;  ///< of all channels
  RecordingWindows windows;

  [[nodiscard]] double most_peak() const { return std::max(peak, kMostPeak); }
};

/// Reads the recording once, and keeps what the network gets of it.
Recording read_recording(const std::filesystem::path& json_path, const Result& result, Shape2d map,
                         const cli::TalkOptions& talk) {
  if (result.card.input.takes_waveform()) {
    throw ModelError(fmt::format(
        "{}: {} makes its spectrogram itself, and listen turns only a log-mel spectrogram of the "
        "card back to sound; expected the result of such a model",
        json_path.string(), result.card.name));
  }
  const std::filesystem::path& path = result.provenance.input.path;
  Recording recording{path, result.provenance.audio, {}, 0.0, {}};
  core::SoundReader reader(path, recording.options);
  recording.file = reader.no_samples();
  double samples = 0.0;
  std::vector<float> block;
  while (reader.read(block)) {
    samples += static_cast<double>(block.size()) / recording.file.channels_of_file;
    for (const float sample : block) {
      recording.peak = std::max(recording.peak, std::abs(static_cast<double>(sample)));
    }
  }
  for (const std::string& warning : reader.warnings()) talk.warn(path, warning);
  const ModelCard& card = result.card;
  recording.windows.windows = windows_of(card, samples / recording.file.sample_rate_hz,
                                         {result.options.hop_s, Tail::cover});
  const FrameRange last = recording.windows.windows.back();
  const Shape2d shape{card.front_end.bands, last.begin + last.count};
  if (shape != map) {
    throw IoError(fmt::format(
        "{}: has {} x {} bins, but its map in {} has {} x {}; run explain again", path.string(),
        shape.rows, shape.columns, json_path.string(), map.rows, map.columns));
  }
  recording.windows.spectrogram =
      spectrogram_of(path, recording.options, card.front_end, shape.columns);
  return recording;
}

std::string comment_of(const ListenResult& made, const std::string& what) {
  return fmt::format("{} of {}: {} of the map of {}, by {}; the other part is {}", what,
                     made.result.provenance.input.path.filename().string(), made.select,
                     to_string(made.result.options.score), made.result.card.name,
                     to_string(made.fill));
}

/// The sound of a region, one for each channel.
std::vector<Audio> region_sound(const Recording& recording, const ModelCard& card,
                                const TimeFrequencyBox& box, const ResynthesisOptions& options) {
  constexpr double kMarginS = 1.0;
  AudioOptions part = recording.options;
  part.begin_s = std::max(box.begin_s - kMarginS, part.begin_s.value_or(0.0));
  part.end_s = std::min(box.end_s + kMarginS, part.end_s.value_or(box.end_s + kMarginS));
  const Audio heard = read_audio(recording.path, part);
  std::vector<Audio> channels;
  for (int channel = 1; channel <= heard.channels_of_file; ++channel) {
    part.channel = channel;
    channels.push_back(read_audio(recording.path, part));
  }
  return box_sound(card.front_end, heard, channels, box, options);
}

void write_regions(const Recording& recording, const Request& request, ListenResult& made,
                   ListenSounds& sounds) {
  const std::vector<Region> regions = salient_regions(made.result, {});
  for (std::size_t i = 0; i < regions.size(); ++i) {
    GrowingSound& sound = sounds.begin(fmt::format("region-{}", i + 1), recording.file);
    sound.add(interleaved(
        region_sound(recording, made.result.card, regions[i].box, request.resynthesis())));
    made.sounds.push_back(sound.finish(recording.most_peak(), comment_of(made, regions[i].label)));
    made.sounds.back().region = regions[i];
  }
  if (regions.empty())
    made.warnings.emplace_back("the map has no region above three standard errors");
}

/// A part that is made, and its sound so far.
struct Part {
  std::string name;
  LongPart made;
  SoundJoin join;
  GrowingSound& sound;

  void add(const SoundPiece& piece) { sound.add(interleaved(join.add(piece, made.add(piece)))); }
};

/// What to say of a part, and what it is worth.
void finish_part(const Part& part, const Recording& recording, Engine* engine, ListenResult& made) {
  WrittenSound written = part.sound.finish(recording.most_peak(), comment_of(made, part.name));
  written.error = part.made.error();
  written.too_loud_share = part.made.too_loud_share();
  written.refinements = part.made.refinements();
  if (*written.too_loud_share > kMostTooLoud) {
    made.warnings.push_back(fmt::format(
        "{}: {:.0f} % of the input is more than 20 dB louder than the recording, and cannot be "
        "made from it; --fill silence can",
        written.file, 100.0 * *written.too_loud_share));
  }
  if (engine != nullptr) {
    written.check = check_sound(
        *engine,
        [&](FrameRange window) {
          cli::stop_if_interrupted();
          return part.made.heard(window);
        },
        [&](FrameRange window) { return part.made.wanted(window); }, recording.windows.windows);
    if (written.check->cosine.value_or(1.0) < kLeastCosine) {
      made.warnings.push_back(fmt::format(
          "{}: you do not hear what the model was given (cosine {:.2f}; expected {} or more)",
          written.file, *written.check->cosine, kLeastCosine));
    }
  }
  made.sounds.push_back(std::move(written));
}

/// The whole recording, the salient part and the rest, with pauses.
void write_ab(const Recording& recording, const Part& salient, const Part& rest, ListenResult& made,
              ListenSounds& sounds) {
  GrowingSound& sound = sounds.begin("ab", recording.file);
  const std::vector<float> pause(static_cast<std::size_t>(kPauseS * recording.file.sample_rate_hz) *
                                 static_cast<std::size_t>(recording.file.channels_of_file));
  sound.add_file(recording.path, recording.options);
  for (const Part* part : {&salient, &rest}) {
    sound.add(pause);
    sound.add_file(part->sound.temporary_path());
  }
  made.sounds.push_back(
      sound.finish(recording.most_peak(), comment_of(made, "whole, salient, rest")));
}

void write_parts(const Recording& recording, const Array2d<float>& weight, Engine* engine,
                 const Request& request, ListenResult& made, ListenSounds& sounds) {
  const FrontEndConfig& front_end = made.result.card.front_end;
  const auto part_of = [&](const std::string& name, PartKind kind) {
    return Part{name,
                {kind, front_end, recording.windows, weight, made.fill,
                 made.result.options.masks.effective_seed(), request.resynthesis()},
                SoundJoin(front_end, recording.file.sample_rate_hz),
                sounds.begin(name, recording.file)};
  };
  Part salient = part_of("salient", PartKind::salient);
  Part rest = part_of("rest", PartKind::rest);
  SoundPieces pieces(recording.path, recording.options, front_end,
                     recording.windows.spectrogram.values.columns);
  SoundPiece piece;
  while (pieces.next(piece)) {
    cli::stop_if_interrupted();
    std::future<void> other = std::async(std::launch::async, [&] { rest.add(piece); });
    salient.add(piece);
    other.get();
  }
  finish_part(salient, recording, engine, made);
  finish_part(rest, recording, engine, made);
  if (request.ab) write_ab(recording, salient, rest, made, sounds);
}

/// The line to print about a sound.
std::string line_of(const std::filesystem::path& folder, const WrittenSound& sound) {
  std::string text = (folder / sound.file).string();
  if (sound.region) {
    const TimeFrequencyBox& box = sound.region->box;
    text += fmt::format(": {}, {:.2f}–{:.2f} s, {:.0f}–{:.0f} Hz", sound.region->label, box.begin_s,
                        box.end_s, box.low_hz, box.high_hz);
  }
  if (sound.error) text += fmt::format(": log-mel off by {:.2f} nats", sound.error->all);
  if (sound.check && sound.check->cosine)
    text += fmt::format(", cosine {:.3f}", *sound.check->cosine);
  if (sound.check && !sound.check->heard.empty()) {
    text += fmt::format(", heard {}", to_string(sound.check->heard));
  }
  return text;
}

void listen_to(const std::filesystem::path& json_path, const std::filesystem::path& stem,
               const Selection& selection, cli::ResultModels& models, RecordingSearch& recordings,
               const Request& request) {
  ListenResult made;
  made.result = read_result(json_path);
  read_arrays(json_path, {"contrast"}, made.result.explanation);
  if (selection.needs_standard_error()) {
    read_arrays(json_path, {"standard_error"}, made.result.explanation);
  }
  made.made_from = source_file(json_path);
  made.select = to_string(selection);
  made.fill = request.fill == "own" ? made.result.options.fill : parse_fill(request.fill);
  Provenance& provenance = made.result.provenance;
  if (!is_resolved(made.result)) {
    made.warnings.push_back(
        fmt::format("the sounds may mean nothing, for the map is not resolved: {}",
                    resolution_of(made.result)));
  }
  const SourceFile input = recordings.find(provenance.input, json_path);
  request.talk.warn_if_changed(provenance.input, input, json_path);
  provenance.input = input;
  ListenSounds sounds(stem, request.output.overwrite());
  Array2d<double>& contrast = made.result.explanation.contrast;
  const Shape2d map{contrast.rows, contrast.columns};
  if (selection.kind == Selection::Kind::regions) {
    write_regions(read_recording(json_path, made.result, map, request.talk), request, made, sounds);
  } else {
    const Array2d<float> weight = salient_weight(made.result, selection);
    contrast = {};  // as large as all that follows
    if (std::ranges::all_of(weight.values, [](float kept) { return kept == 0.0F; })) {
      made.warnings.push_back(fmt::format(
          "nothing is salient by {}, so the salient part is the fill alone; expected a lower Z",
          made.select));
    }
    Engine* engine = nullptr;
    if (std::filesystem::exists(provenance.model.path)) {
      engine = &models.engine_for(provenance, json_path);
      provenance.model = models.model().file;
      provenance.probe = models.model().probe;
      provenance.runtime = models.model().model->runtime();
    } else {
      made.warnings.push_back(
          fmt::format("{}: the model is not there, so the sound was not checked by it",
                      provenance.model.path.string()));
    }
    write_parts(read_recording(json_path, made.result, map, request.talk), weight, engine, request,
                made, sounds);
  }
  provenance.tool_version = version();
  provenance.command_line = request.command_line;
  sounds.commit(made);
  for (const std::string& warning : made.warnings) request.talk.warn(json_path, warning);
  for (const WrittenSound& sound : made.sounds) {
    cli::print("{}\n", line_of(stem.parent_path(), sound));
  }
}

int run(Request& request) {
  const Selection selection = Selection::parse(request.select);
  if (request.fill != "own") static_cast<void>(parse_fill(request.fill));
  const std::vector<NamedResult> named = named_results(request.files);
  const std::vector<std::filesystem::path> results = json_paths(named);
  const std::vector<std::filesystem::path> stems = output_stems(named);
  cli::ResultModels models(request.model, request.engine, request.talk);
  RecordingSearch recordings(request.recordings);
  cli::note_interruptions();
  return cli::for_each_input(results, [&](std::size_t i) {
    cli::stop_if_interrupted();
    listen_to(results[i], request.output.path / stems[i], selection, models, recordings, request);
  });
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
