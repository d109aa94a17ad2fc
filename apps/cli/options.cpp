#include "cli/options.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <new>
#include <utility>

#include "cli/freed_memory.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stage.hpp"
#include "files/text_match.hpp"
#include "probe/stored_probe.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::cli {

Shape2d parse_shape(const std::string& text, const std::string& option) {
  Shape2d shape;
  if (const auto sides = core::matched_groups(text, "([0-9]{1,9})x([0-9]{1,9})")) {
    shape = {std::stoul(sides->at(0)), std::stoul(sides->at(1))};
  }
  if (shape.rows == 0 || shape.columns == 0) {
    throw ConfigError(fmt::format(
        "{} is '{}'; expected FREQUENCYxTIME, two whole numbers of 1 or more, such as 7x7", option,
        text));
  }
  return shape;
}

void InputOptions::declare(CommandLine& line) {
  line.group(HelpGroup::input);
  line.option("FILE", &files, "Recordings: wav, flac, ogg, mp3, aiff and others").required();
  audio.declare(line);
}

void AudioChoice::declare(CommandLine& line) {
  line.group(HelpGroup::input);
  line.option("--channel", &options.channel, "Channel to read, counted from 1")
      .default_text("mean of all");
  line.option("--begin", &options.begin_s, "Start at this second of the recording")
      .type_name("S")
      .default_text("0");
  line.option("--end", &options.end_s, "Stop at this second of the recording")
      .type_name("S")
      .default_text("its end");
  line.flag("--trust-header", &options.trust_header, "Read recordings whose header is implausible")
      .rare();
}

void declare_figure(CommandLine& line, std::string& figure) {
  line.group(HelpGroup::output);
  line.option("--figure", &figure, "Format of the figure: png, svg, pdf or none")
      .type_name("FORMAT")
      .one_of({"png", "svg", "pdf", "none"});
}

void declare_recordings(CommandLine& line, std::filesystem::path& folder) {
  line.group(HelpGroup::input);
  line.option("--recordings", &folder, "Folder to search for recordings that were moved")
      .type_name("DIR")
      .default_text("beside the result");
}

void ModelChoice::declare(CommandLine& line) {
  line.group(HelpGroup::input);
  line.option("-m,--model", &name, "Name or file. A file is code: load only what you trust")
      .type_name("MODEL");
  declare_probe(line);
}

void ModelChoice::declare_probe(CommandLine& line) {
  line.group(HelpGroup::input);
  line.option("--probe", &probe, "Classes of this probe (.probe.json) in place of the model's")
      .type_name("FILE")
      .default_text("none");
}

void ModelChoice::declare_device(CommandLine& line) {
  line.group(HelpGroup::performance);
  typed_
      .text(
          line, "--device", &ModelOptions::device, [](const std::string& text) { return text; },
          "Where the network runs: cpu, cuda or cuda:INDEX")
      .type_name("DEVICE");
  typed_
      .text(line, "--precision", &ModelOptions::precision, parse_precision,
            "Numbers of the network: single, half or bfloat16")
      .type_name("KIND")
      .one_of({"single", "half", "bfloat16"});
  typed_
      .text(
          line, "--optimise,--optimize", &ModelOptions::optimise,
          [](const std::string& text) { return text == "on"; },
          "Let LibTorch optimise the network for this processor: on or off")
      .type_name("SWITCH")
      .default_text("on")
      .one_of({"on", "off"})
      .rare();
}

ModelFiles model_files(const Provenance& recorded) {
  ModelFiles files{recorded.model.path, {}};
  if (recorded.probe) files.probe = recorded.probe->path;
  return files;
}

LoadedModel load(const ModelFiles& files, const ModelOptions& options, const TalkOptions& talk) {
  keep_freed_memory();
  std::future<SourceFile> file = std::async([&files] { return source_file(files.model); });
  std::unique_ptr<Model> model = load_model(files.model, options);
  LoadedModel loaded{std::move(model), file.get(), {}};
  for (const std::string& warning : loaded.model->warnings()) talk.warn(loaded.file.path, warning);
  if (files.probe) {
    StoredProbe probe = read_probe(*files.probe);
    for (const std::string& warning : probe.warnings) talk.warn(*files.probe, warning);
    loaded.probe = probe.file;
    loaded.model = with_probe(std::move(loaded.model), loaded.file, std::move(probe));
  }
  return loaded;
}

void EngineChoice::declare(CommandLine& line) {
  line.group(HelpGroup::performance);
  typed_
      .text(
          line, "--batch-size", &EngineOptions::batch,
          [](const std::string& text) {
            return text == "auto" ? std::nullopt : std::optional(parse_batch_form(text));
          },
          "Windows in one forward pass: 16, or 4f for fused batches, or auto")
      .type_name("SIZE")
      .default_text("auto");
  typed_.number(line, "--workers", &EngineOptions::workers, "Batches that run at the same time")
      .default_text("one a core")
      .rare();
  typed_.number(line, "--threads", &EngineOptions::threads, "Threads in each forward pass")
      .default_text("1")
      .rare();
  typed_
      .number(line, "--memory-limit", &EngineOptions::memory_limit_mib,
              "Most memory for batches of --batch-size auto, in MiB")
      .type_name("MIB")
      .default_text("half of what is free")
      .whole_number(1, std::uint64_t{1} << 32)
      .rare();
}

EngineOptions EngineChoice::read(const EngineOptions& over) const {
  EngineOptions chosen = typed_.over(over);
  chosen.validate();
  return chosen;
}

void OutputOptions::declare(CommandLine& line, const std::string& what) {
  line.group(HelpGroup::output);
  line.option("-o,--output", &path, what).type_name("PATH");
  line.flag("--overwrite", &overwrite_files, "Replace files that relax-spectro wrote before");
}

void TalkOptions::declare_quiet(CommandLine& line) {
  line.group(HelpGroup::general);
  line.flag("-q,--quiet", &quiet, "Print errors, but no warnings and no progress");
}

void TalkOptions::declare(CommandLine& line) {
  declare_quiet(line);
  line.flag(
          "--progress", [this] { progress = true; }, "Show a progress bar")
      .rare();
  line.flag(
          "--no-progress", [this] { progress = false; }, "Show no progress bar")
      .rare();
}

bool TalkOptions::shows_progress() const {
  return progress.value_or(!quiet && ProgressBar::on_terminal());
}

void TalkOptions::warn(const std::filesystem::path& file, const std::string& text) const {
  if (!quiet) say(fmt::format("warning: {}: {}", file.string(), text));
}

void TalkOptions::warn_if_changed(const SourceFile& recorded, const SourceFile& now,
                                  const std::filesystem::path& result) const {
  if (recorded.sha256 == now.sha256) return;
  warn(now.path,
       fmt::format("is not the file that {} was made from: its SHA-256 differs", result.string()));
}

void TalkOptions::warn_if_changed(const Provenance& recorded, const LoadedModel& now,
                                  const std::filesystem::path& result) const {
  warn_if_changed(recorded.model, now.file, result);
  if (recorded.probe && now.probe) warn_if_changed(*recorded.probe, *now.probe, result);
}

void TalkOptions::warn_if_changed(const Result& recorded, const ModelCard& now,
                                  const std::filesystem::path& result) const {
  Result with_card = recorded;
  with_card.card = now;
  for (const std::string& difference : differences(recorded, with_card)) {
    warn(recorded.provenance.model.path,
         fmt::format("its card is not the one that {} was made with: {}", result.string(),
                     difference));
  }
}

Audio TalkOptions::read(const std::filesystem::path& file, const AudioOptions& options) const {
  Audio audio = read_audio(file, options);
  for (const std::string& warning : audio.warnings) warn(file, warning);
  return audio;
}

std::string with_file(const std::filesystem::path& file, const std::string& message) {
  const std::string name = file.string();
  return message.find(name) == std::string::npos ? fmt::format("{}: {}", name, message) : message;
}

int for_each_input(const std::vector<std::filesystem::path>& files,
                   const std::function<void(std::size_t)>& work) {
  std::size_t failed = 0;
  std::size_t wrong_requests = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    try {
      work(i);
    } catch (const ConfigError& error) {
      say(with_file(files[i], error.what()));
      ++failed;
      ++wrong_requests;
    } catch (const AudioError& error) {
      say(with_file(files[i], error.what()));
      ++failed;
    } catch (const Error& error) {
      say(error.what());
      ++failed;
    } catch (const std::bad_alloc&) {
      say(fmt::format("{}: out of memory", files[i].string()));
      ++failed;
    }
  }
  if (failed == 0) return kSuccess;
  if (files.size() > 1) say(fmt::format("{} of {} recordings failed", failed, files.size()));
  if (failed < files.size()) return kSomeFailed;
  return wrong_requests == failed ? kUsage : kFailure;
}

}  // namespace relax_spectro::cli
