#include "cli/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <limits>
#include <new>
#include <string_view>

#include "base/nearest.hpp"
#include "cli/freed_memory.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stage.hpp"
#include "files/text_match.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::cli {
namespace {

/// Reads sizes with commas between them.
std::vector<Size2d> parse_sizes(const std::string& text, std::string_view option) {
  std::vector<Size2d> sizes;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    sizes.push_back(parse_size(std::string_view(text).substr(begin, end - begin), option));
    begin = end + 1;
  }
  return sizes;
}

/// Gives windows strides: one for all, or one for each.
void set_strides(std::vector<SweptWindow>& windows, const std::string& text) {
  const std::vector<Size2d> strides = parse_sizes(text, "--stride");
  if (strides.size() != 1 && strides.size() != windows.size()) {
    throw ConfigError(fmt::format("--stride lists {} strides for {} windows; expected {}",
                                  strides.size(), windows.size(),
                                  windows.size() == 1 ? "one" : "one for all, or one for each"));
  }
  for (std::size_t i = 0; i < windows.size(); ++i) {
    windows[i].stride = strides[strides.size() == 1 ? 0 : i];
  }
}

}  // namespace

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
  line.option("files", &files, "Recordings (wav, flac, ogg, mp3, aiff ...)")
      .required()
      .type_name("FILE");
  audio.declare(line);
}

void AudioChoice::declare(CommandLine& line) {
  line.option("--channel", &options.channel, "Channel to take, 1 being the first [mean of all]")
      .type_name("N");
  line.option("--begin", &options.begin_s,
              "Read recordings from this second on; times in results count from their start [0]")
      .type_name("S");
  line.option("--end", &options.end_s,
              "Read recordings to this second, or to their end where that is earlier [their end]")
      .type_name("S");
  line.flag("--trust-header", &options.trust_header,
            "Read recordings whose header is implausible: a sample rate below 1 kHz or above "
            "2 MHz, more than 256 channels, or hours of sound out of a few bytes");
}

void declare_figure(CommandLine& line, std::string& figure) {
  line.option("--figure", &figure, "Figure: png, svg, pdf or none")
      .one_of({"png", "svg", "pdf", "none"});
}

void declare_recordings(CommandLine& line, std::filesystem::path& folder) {
  line.option("--recordings", &folder,
              "Where to look, also in its subfolders, for recordings that are not where a result "
              "says: the SHA-256 decides [beside the result]")
      .type_name("DIR");
}

void ModelChoice::declare(CommandLine& line) {
  line.option("-m,--model", &name,
              "A model file with a card (TorchScript, or a compiled .pt2), or a model that comes "
              "along. Such a file is code: load only what you trust")
      .type_name("MODEL");
}

void ModelChoice::declare_device(CommandLine& line) {
  typed_.text(
      line, "--device", &ModelOptions::device, [](const std::string& text) { return text; },
      "cpu, cuda or cuda:INDEX");
  typed_
      .text(
          line, "--optimise,--optimize", &ModelOptions::optimise,
          [](const std::string& text) { return text == "on"; },
          "on: let LibTorch rewrite the network for this processor, where that is faster and "
          "changes nothing; off [on]")
      .one_of({"on", "off"});
  typed_
      .text(line, "--precision", &ModelOptions::precision, parse_precision,
            "Numbers that the network computes with: single; half or bfloat16, faster where the "
            "device has them, and less exact: the result's JSON says by how much")
      .one_of({"single", "half", "bfloat16"});
}

LoadedModel load(const std::filesystem::path& path, const ModelOptions& options,
                 const TalkOptions& talk) {
  keep_freed_memory();
  LoadedModel loaded{load_model(path, options), source_file(path)};
  for (const std::string& warning : loaded.model->warnings()) talk.warn(loaded.file.path, warning);
  return loaded;
}

void EngineChoice::declare(CommandLine& line) {
  typed_.text(
      line, "--batch-size", &EngineOptions::batch,
      [](const std::string& text) {
        return text == "auto" ? std::nullopt : std::optional(parse_batch_form(text));
      },
      "Windows in one forward pass: a number; one with f, such as 16f: fused, faster on "
      "some hundred windows and more; auto: 4f, or 16 for a recording with fewer (32f and "
      "32 for a large network, 128 on a GPU) [auto]");
  typed_.number(line, "--workers", &EngineOptions::workers, "Batches at the same time [one a core]")
      .type_name("N")
      .default_text("");
  typed_.number(line, "--threads", &EngineOptions::threads, "Threads in each forward pass [1]")
      .type_name("N")
      .default_text("");
  typed_
      .number(line, "--memory-limit", &EngineOptions::memory_limit_mib,
              "MiB that batches chosen by auto may take [half of what is free]")
      .type_name("MIB")
      .default_text("")
      .whole_number(1, std::uint64_t{1} << 32);
}

EngineOptions EngineChoice::read(const EngineOptions& over) const {
  EngineOptions chosen = typed_.over(over);
  chosen.validate();
  return chosen;
}

void MaskChoice::declare(CommandLine& line) {
  typed_.text(line, "--family", &MaskOptions::family, parse_mask_family,
              "Masks: random (the RELAX package's grid), rise, time, frequency, time-frequency (a "
              "mixture), or window (one rectangle masked, at every position in turn)");
  typed_
      .text(
          line, "-n,--masks", &MaskOptions::count,
          [](const std::string& text) {
            return text == "auto" ? std::nullopt : std::optional<std::size_t>(std::stoull(text));
          },
          "Masks for each window of the recording, or auto: as many as --tolerance takes [auto]")
      .auto_or_whole_number();
  typed_.number(
      line, "--tolerance", [](MaskOptions& masks) -> double& { return masks.automatic.tolerance; },
      "With --masks auto: stop at this noise of the map over its contrast");
  typed_
      .number(
          line, "--max-masks",
          [](MaskOptions& masks) -> std::size_t& { return masks.automatic.most_masks; },
          "With --masks auto: upper limit")
      .whole_number();
  typed_.text(line, "--design", &MaskOptions::design, parse_design,
              "How masks are drawn: code or sobol (fewer masks for the same map), or independent "
              "[code where it can]");
  typed_.number(line, "--seed", &MaskOptions::seed, "Seed of the masks, and of a fill of noise")
      .whole_number();
  typed_
      .text(line, "--seed-by", &MaskOptions::seed_by, parse_seed_by,
            "recording: each recording has masks of its own, which depend on the seed and its "
            "SHA-256; run: all have those of the seed")
      .one_of({"recording", "run"});
  typed_
      .text(
          line, "--grid", &MaskOptions::grid,
          [](const std::string& text) { return parse_size(text, "--grid"); },
          "Cells of a mask, frequency x time: how many, or how large (500Hzx0.25s)")
      .type_name("SIZE");
  typed_.text(line, "--edges", &MaskOptions::edges, parse_cell_edges,
              "Edges of cells: smooth (interpolated) or hard (a bin takes its cell's weight)");
  typed_.number(line, "--keep", &MaskOptions::keep_probability, "Probability that a cell is kept");
  line.option("--window", &windows_,
              "What --family window masks, frequency x time: bins, sizes (1000Hzx0.2s) or all; "
              "several to compare: 8x8,16x16,allx8 [16x16]")
      .type_name("SIZE,...");
  line.option("--stride", &strides_,
              "From one such window to the next: bins or sizes; one for all, or one for each "
              "[half the window]")
      .type_name("SIZE,...");
}

MaskOptions MaskChoice::read(const MaskOptions& over) const {
  MaskOptions chosen = typed_.over(over);
  if (windows_) {
    chosen.windows.clear();
    for (const Size2d& size : parse_sizes(*windows_, "--window")) {
      chosen.windows.push_back({size, {}});
    }
  }
  if (strides_) set_strides(chosen.windows, *strides_);
  chosen.validate();
  return chosen;
}

void OutputOptions::declare(CommandLine& line, const std::string& what) {
  line.option("-o,--output", &path, what).type_name("PATH");
  line.flag("--overwrite", &overwrite_files, "Replace what relax-spectro has written there before");
}

void TalkOptions::declare_quiet(CommandLine& line) {
  line.flag("-q,--quiet", &quiet, "Errors only");
}

void TalkOptions::declare(CommandLine& line) {
  declare_quiet(line);
  line.flag(
      "--progress", [this] { progress = true; }, "Draw a progress bar, terminal or not");
  line.flag(
      "--no-progress", [this] { progress = false; }, "Draw none");
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
