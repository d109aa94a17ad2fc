#include "cli/options.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <functional>
#include <limits>
#include <new>
#include <regex>
#include <string_view>

#include "cli/freed_memory.hpp"
#include "cli/progress_bar.hpp"
#include "cli/stage.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/nearest.hpp"

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

/// Windows with their strides: one for all, one for each, or none.
std::vector<SweptWindow> parse_windows(const std::string& windows_text,
                                       const std::optional<std::string>& strides_text) {
  std::vector<SweptWindow> windows;
  for (const Size2d& size : parse_sizes(windows_text, "--window")) windows.push_back({size, {}});
  if (!strides_text) return windows;
  const std::vector<Size2d> strides = parse_sizes(*strides_text, "--stride");
  if (strides.size() != 1 && strides.size() != windows.size()) {
    throw ConfigError(fmt::format("--stride lists {} strides for {} windows; expected {}",
                                  strides.size(), windows.size(),
                                  windows.size() == 1 ? "one" : "one for all, or one for each"));
  }
  for (std::size_t i = 0; i < windows.size(); ++i) {
    windows[i].stride = strides[strides.size() == 1 ? 0 : i];
  }
  return windows;
}

}  // namespace

Shape2d parse_shape(const std::string& text, const std::string& option) {
  static const std::regex kShape("([0-9]{1,9})x([0-9]{1,9})");
  std::smatch sides;
  Shape2d shape;
  if (std::regex_match(text, sides, kShape)) shape = {std::stoul(sides[1]), std::stoul(sides[2])};
  if (shape.rows == 0 || shape.columns == 0) {
    throw ConfigError(fmt::format(
        "{} is '{}'; expected FREQUENCYxTIME, two whole numbers of 1 or more, such as 7x7", option,
        text));
  }
  return shape;
}

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
  const auto check = [low, high](std::string& text) -> std::string {
    std::uint64_t number = 0;
    const char* text_end = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), text_end, number);
    if (error != std::errc() || end != text_end || number < low || number > high) {
      return fmt::format("'{}' is not a whole number from {} to {}", text, low, high);
    }
    text = std::to_string(number);  // without leading zeros, which CLI11 takes for octal
    return "";
  };
  return {check, ""};
}

CLI::Validator one_of(std::vector<std::string> values) {
  const std::string list = fmt::format("{{{}}}", fmt::join(values, ","));
  const auto check = [values = std::move(values)](const std::string& typed) {
    return std::ranges::count(values, typed) > 0 ? std::string()
                                                 : unknown_name("value", typed, values);
  };
  return {check, list};
}

void InputOptions::declare(CLI::App& app) {
  app.add_option("files", files, "Recordings (wav, flac, ogg, mp3, aiff ...)")
      ->required()
      ->type_name("FILE");
  audio.declare(app);
}

void AudioChoice::declare(CLI::App& app) {
  app.add_option("--channel", options.channel, "Channel to take, 1 being the first [mean of all]")
      ->type_name("N");
  app.add_flag("--trust-header", options.trust_header,
               "Read recordings whose header is implausible: a sample rate below 1 kHz or above "
               "2 MHz, more than 256 channels, or hours of sound out of a few bytes");
}

void declare_figure(CLI::App& app, std::string& figure) {
  app.add_option("--figure", figure, "Figure: png, svg, pdf or none")
      ->capture_default_str()
      ->check(one_of({"png", "svg", "pdf", "none"}));
}

void declare_recordings(CLI::App& app, std::filesystem::path& folder) {
  app.add_option(
         "--recordings", folder,
         "Where to look, also in its subfolders, for recordings that are not where a result "
         "says: the SHA-256 decides [beside the result]")
      ->type_name("DIR");
}

void ModelChoice::declare(CLI::App& app) {
  app.add_option(
         "-m,--model", name,
         "A model file with a card (TorchScript, or a compiled .pt2), or a model that comes "
         "along. Such a file is code: load only what you trust")
      ->capture_default_str()
      ->type_name("MODEL");
}

void ModelChoice::declare_device(CLI::App& app) {
  app.add_option("--device", options.device, "cpu, cuda or cuda:INDEX")->capture_default_str();
  app.add_option_function<std::string>(
         "--optimise,--optimize",
         [this](const std::string& value) { options.optimise = value == "on"; },
         "on: let LibTorch rewrite the network for this processor, where that is faster and "
         "changes nothing; off [on]")
      ->check(one_of({"on", "off"}));
  app.add_option_function<std::string>(
         "--precision",
         [this](const std::string& value) { options.precision = parse_precision(value); },
         "Numbers that the network computes with: single; half or bfloat16, faster where the "
         "device has them, and less exact: the result's JSON says by how much [single]")
      ->check(one_of({"single", "half", "bfloat16"}));
}

LoadedModel ModelChoice::load(const TalkOptions& talk) const {
  keep_freed_memory();
  LoadedModel loaded{load_model(path(), options), source_file(path())};
  for (const std::string& warning : loaded.model->warnings()) talk.warn(loaded.file.path, warning);
  return loaded;
}

void EngineChoice::declare(CLI::App& app) {
  app.add_option("--batch-size", batch_size_,
                 "Windows in one forward pass: a number; one with f, such as 16f: fused, faster on "
                 "some hundred windows and more; auto: 4f, or 16 where fewer are ahead (32f and 32 "
                 "for a large network, 128 on a GPU), on long work what is measured to be fastest; "
                 "or the batch_size of a result")
      ->capture_default_str();
  app.add_option("--workers", options_.workers, "Batches at the same time [one a core]")
      ->type_name("N");
  app.add_option("--threads", options_.threads, "Threads in each forward pass [1]")->type_name("N");
  app.add_option("--memory-limit", options_.memory_limit_mib,
                 "MiB that batches chosen by auto may take [half of what is free]")
      ->type_name("MIB")
      ->transform(whole_number(1, std::uint64_t{1} << 32));
}

EngineOptions EngineChoice::read() const {
  EngineOptions chosen = options_;
  if (batch_size_ != "auto") chosen.batches = BatchSchedule::parse(batch_size_);
  chosen.validate();
  return chosen;
}

void MaskChoice::declare(CLI::App& app) {
  app.add_option(
         "--family", family_,
         "Masks: random (the RELAX package's grid), rise, time, frequency, time-frequency (a "
         "mixture), or window (one rectangle masked, at every position in turn)")
      ->capture_default_str();
  const auto auto_or_number = [](std::string& text) {
    if (text == "auto" || whole_number()(text).empty()) return std::string();
    return fmt::format("'{}' is neither auto nor a whole number", text);
  };
  app.add_option("-n,--masks", count_,
                 "Masks for each window of the recording, or auto: as many as --tolerance takes")
      ->capture_default_str()
      ->transform(CLI::Validator(auto_or_number, ""));
  app.add_option("--tolerance", options.automatic.tolerance,
                 "With --masks auto: stop at this noise of the map over its contrast")
      ->capture_default_str();
  app.add_option("--max-masks", options.automatic.most_masks, "With --masks auto: upper limit")
      ->capture_default_str()
      ->transform(whole_number());
  app.add_option(
      "--design", design_,
      "How masks are drawn: code or sobol (fewer masks for the same map), or independent "
      "[code where it can]");
  app.add_option("--seed", options.seed, "Seed of the masks")
      ->capture_default_str()
      ->transform(whole_number());
  app.add_option("--grid", grid_,
                 "Cells of a mask, frequency x time: how many, or how large (500Hzx0.25s)")
      ->capture_default_str()
      ->type_name("SIZE");
  app.add_option("--edges", edges_,
                 "Edges of cells: smooth (interpolated) or hard (a bin takes its cell's weight)")
      ->capture_default_str();
  app.add_option("--keep", options.keep_probability, "Probability that a cell is kept")
      ->capture_default_str();
  app.add_option("--window", windows_,
                 "What --family window masks, frequency x time: bins, sizes (1000Hzx0.2s) or all; "
                 "several to compare: 8x8,16x16,allx8")
      ->capture_default_str()
      ->type_name("SIZE,...");
  app.add_option("--stride", strides_,
                 "From one such window to the next: bins or sizes; one for all, or one for each "
                 "[half the window]")
      ->type_name("SIZE,...");
}

MaskOptions MaskChoice::read() const {
  MaskOptions chosen = options;
  chosen.family = parse_mask_family(family_);
  if (design_) chosen.design = parse_design(*design_);
  if (count_ != "auto") chosen.count = std::stoull(count_);
  chosen.grid = parse_size(grid_, "--grid");
  chosen.edges = parse_cell_edges(edges_);
  chosen.windows = parse_windows(windows_, strides_);
  chosen.validate();
  return chosen;
}

void OutputOptions::declare(CLI::App& app, const std::string& what) {
  app.add_option("-o,--output", path, what)->capture_default_str()->type_name("PATH");
  app.add_flag("--overwrite", overwrite_files,
               "Replace what relax-spectro has written there before");
}

void TalkOptions::declare_quiet(CLI::App& app) { app.add_flag("-q,--quiet", quiet, "Errors only"); }

void TalkOptions::declare(CLI::App& app) {
  declare_quiet(app);
  app.add_flag_callback(
      "--progress", [this] { progress = true; }, "Draw a progress bar, terminal or not");
  app.add_flag_callback(
      "--no-progress", [this] { progress = false; }, "Draw none");
}

bool TalkOptions::shows_progress() const {
  return progress.value_or(!quiet && ProgressBar::on_terminal());
}

void TalkOptions::warn(const std::filesystem::path& file, const std::string& text) const {
  if (!quiet) say(fmt::format("warning: {}: {}", file.string(), text));
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
