#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audio/sound_file.hpp"
#include "cli/options.hpp"
#include "cli/result_models.hpp"
#include "cli/stage.hpp"
#include "cli/streams.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"
#include "results/recording_search.hpp"
#include "results/result_folder.hpp"
#include "resynthesis/listen_file.hpp"
#include "resynthesis/selection.hpp"
#include "resynthesis/sound_part.hpp"

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

/// A recording, and the windows that a result was made of.
struct Recording {
  Audio heard;                  ///< what the front end got
  std::vector<Audio> channels;  ///< all of the file
  RecordingWindows windows;

  [[nodiscard]] double peak() const {
    double highest = 0.0;
    for (const Audio& channel : channels) {
      for (const float sample : channel.samples) {
        highest = std::max(highest, std::abs(static_cast<double>(sample)));
      }
    }
    return highest;
  }
};

Recording read_recording(const std::filesystem::path& json_path, Result& result,
                         RecordingSearch& recordings, const cli::TalkOptions& talk) {
  const AudioOptions& options = result.provenance.audio;
  const SourceFile input = recordings.find(result.provenance.input, json_path);
  talk.warn_if_changed(result.provenance.input, input, json_path);
  result.provenance.input = input;
  Recording recording{talk.read(input.path, options), {}, {}};
  for (int channel = 1; channel <= recording.heard.channels_of_file; ++channel) {
    AudioOptions one = options;
    one.channel = channel;
    recording.channels.push_back(read_audio(input.path, one));
  }
  recording.windows =
      cut_recording(result.card, recording.heard, {result.options.hop_s, Tail::cover});
  const Array2d<float>& values = recording.windows.spectrogram.values;
  const Array2d<double>& map = result.explanation.contrast;
  if (values.rows != map.rows || values.columns != map.columns) {
    throw IoError(
        fmt::format("{}: has {} x {} bins, but its map in {} has {} x {}; run explain again",
                    input.path.string(), values.rows, values.columns, json_path.string(), map.rows,
                    map.columns));
  }
  return recording;
}

/// The sounds of a result that wait for their names.
class Sounds {
 public:
  Sounds(const Recording& recording, std::filesystem::path stem, const Request& request)
      : highest_(std::max(recording.peak(), kMostPeak)),
        stem_(std::move(stem)),
        overwrite_(request.output.overwrite()),
        summary_(stem_.string() + ".listen.json", overwrite_) {}

  /// Writes a sound. If it is louder than the recording and than -1 dB, it is made quieter.
  WrittenSound write(const std::string& name, std::vector<Audio> channels,
                     const std::string& comment) {
    double peak = 0.0;
    for (const Audio& channel : channels) {
      for (const float sample : channel.samples) {
        peak = std::max(peak, std::abs(static_cast<double>(sample)));
      }
    }
    const double level = peak > highest_ ? highest_ / peak : 1.0;
    if (level < 1.0) {
      for (Audio& channel : channels) {
        for (float& sample : channel.samples) sample *= static_cast<float>(level);
      }
    }
    const std::filesystem::path path = stem_.string() + "." + name + ".wav";
    files_.push_back(std::make_unique<OutputFile>(path, overwrite_));
    write_wav(files_.back()->temporary_path(), channels, comment);
    WrittenSound written;
    written.file = path.filename().string();
    written.level_db = 20.0 * std::log10(level);
    return written;
  }

  /// See Note [The JSON is there only where the result is whole].
  void commit(const ListenResult& result) {
    summary_.write(to_json(result));
    summary_.clear_place();
    for (const auto& file : files_) file->commit();
    summary_.commit();
  }

 private:
  double highest_;
  std::filesystem::path stem_;
  Overwrite overwrite_;
  OutputFile summary_;
  std::vector<std::unique_ptr<OutputFile>> files_;
};

std::vector<Audio> applied(const BandGains& gains, const std::vector<Audio>& channels) {
  std::vector<Audio> sounds;
  for (const Audio& channel : channels) sounds.push_back(gains.apply(channel));
  return sounds;
}

/// Several sounds one after the other, with a pause between them.
std::vector<Audio> joined(const std::vector<std::vector<Audio>>& sounds) {
  std::vector<Audio> all = sounds.front();
  for (std::size_t i = 1; i < sounds.size(); ++i) {
    for (std::size_t c = 0; c < all.size(); ++c) {
      std::vector<float>& samples = all[c].samples;
      const auto pause = static_cast<std::size_t>(kPauseS * all[c].sample_rate_hz);
      samples.insert(samples.end(), pause, 0.0F);
      samples.insert(samples.end(), sounds[i][c].samples.begin(), sounds[i][c].samples.end());
    }
  }
  return all;
}

std::string comment_of(const ListenResult& made, const std::string& what) {
  return fmt::format("{} of {}: {} of the map of {}, by {}; the other part is {}", what,
                     made.result.provenance.input.path.filename().string(), made.select,
                     to_string(made.result.options.score), made.result.card.name,
                     to_string(made.fill));
}

void write_regions(const Recording& recording, const Request& request, ListenResult& made,
                   Sounds& sounds) {
  const std::vector<Region> regions = salient_regions(made.result, {});
  for (std::size_t i = 0; i < regions.size(); ++i) {
    made.sounds.push_back(
        sounds.write(fmt::format("region-{}", i + 1),
                     box_sound(made.result.card.front_end, recording.heard, recording.channels,
                               regions[i].box, request.resynthesis()),
                     comment_of(made, regions[i].label)));
    made.sounds.back().region = regions[i];
  }
  if (regions.empty())
    made.warnings.emplace_back("the map has no region above three standard errors");
}

void write_parts(const Recording& recording, const Selection& selection, Engine* engine,
                 const Request& request, ListenResult& made, Sounds& sounds) {
  const Spectrogram& spectrogram = recording.windows.spectrogram;
  const Array2d<float> fill =
      recording_fill(made.fill, recording.windows, made.result.options.masks.effective_seed());
  const Array2d<float> salient = salient_weight(made.result, selection);
  Array2d<float> rest = salient;
  for (float& weight : rest.values) weight = 1.0F - weight;
  const auto part_of = [&](const Array2d<float>& weight) {
    return sound_part(made.result.card.front_end, recording.heard, spectrogram, fill, weight,
                      request.resynthesis());
  };
  std::future<SoundPart> other = std::async(std::launch::async, [&] { return part_of(rest); });
  const SoundPart first = part_of(salient);
  const SoundPart second = other.get();
  std::vector<std::vector<Audio>> all{recording.channels};
  for (const auto& [name, part] : {std::pair("salient", &first), std::pair("rest", &second)}) {
    std::vector<Audio> channels = applied(part->made.gains, recording.channels);
    if (request.ab) all.push_back(channels);
    WrittenSound written = sounds.write(name, std::move(channels), comment_of(made, name));
    written.error = part->error;
    written.too_loud_share = part->made.too_loud_share;
    written.refinements = part->made.refinements;
    if (*written.too_loud_share > kMostTooLoud) {
      made.warnings.push_back(fmt::format(
          "{}: {:.0f} % of the input is more than 20 dB louder than the recording, and cannot be "
          "made from it; --fill silence can",
          written.file, 100.0 * *written.too_loud_share));
    }
    if (engine != nullptr) {
      written.check =
          check_sound(*engine, part->made.log_mel, part->wanted, recording.windows.windows);
      if (written.check->cosine.value_or(1.0) < kLeastCosine) {
        made.warnings.push_back(fmt::format(
            "{}: you do not hear what the model was given (cosine {:.2f}; expected {} or more)",
            written.file, *written.check->cosine, kLeastCosine));
      }
    }
    made.sounds.push_back(std::move(written));
  }
  if (request.ab)
    made.sounds.push_back(
        sounds.write("ab", joined(all), comment_of(made, "whole, salient, rest")));
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
  read_arrays(json_path, {"contrast", "standard_error"}, made.result.explanation);
  made.made_from = source_file(json_path);
  made.select = to_string(selection);
  made.fill = request.fill == "own" ? made.result.options.fill : parse_fill(request.fill);
  Provenance& provenance = made.result.provenance;
  const Recording recording = read_recording(json_path, made.result, recordings, request.talk);
  Sounds sounds(recording, stem, request);
  if (selection.kind == Selection::Kind::regions) {
    write_regions(recording, request, made, sounds);
  } else {
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
    write_parts(recording, selection, engine, request, made, sounds);
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
  return cli::for_each_input(results, [&](std::size_t i) {
    listen_to(results[i], request.output.path / stems[i], selection, models, recordings, request);
  });
}

}  // namespace

int main(int argc, char** argv) { return cli::run_stage<Request>(argc, argv, kText, run); }
