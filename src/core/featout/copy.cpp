#include "featout/copy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "base/parse_number.hpp"
#include "base/require.hpp"
#include "base/text.hpp"
#include "files/csv_cell.hpp"
#include "files/npz.hpp"
#include "relax_spectro/base/version.hpp"
#include "relax_spectro/masks/mask_options.hpp"
#include "relax_spectro/occlusion/prediction.hpp"
#include "results/contrast_error.hpp"
#include "resynthesis/sound_part.hpp"

namespace relax_spectro {
namespace {

using core::require;

constexpr std::string_view kConfident = "confident:";

/// Whether the map of every window is of a label: as it was asked for, or as the model names it.
bool is_of_label(const Result& result, const std::string& label) {
  const std::string wanted = core::lower_case(label);
  if (core::lower_case(result.options.score.class_name) == wanted) return true;
  return std::ranges::all_of(result.explanation.windows, [&](const WindowSummary& window) {
    return core::lower_case(measured_class(result.card, window).value_or("")) == wanted;
  });
}

std::size_t class_of(const Result& result) {
  return *result.explanation.windows.front().class_index;
}

/// The probability that the recording has its label; 0 if three other classes are more probable.
double heard_probability(const Result& result) {
  for (const HeardClass& heard : heard_in_recording(result.explanation)) {
    if (heard.index == class_of(result)) return heard.probability.value_or(0.0);
  }
  return 0.0;
}

/// The range of bins along one axis that a patch covers.
std::pair<std::size_t, std::size_t> covered(std::size_t centre, double half, std::size_t count) {
  const auto middle = static_cast<double>(centre);
  const double first = std::max(std::floor(middle - half) + 1.0, 0.0);
  const double last = std::min(std::ceil(middle + half) - 1.0, static_cast<double>(count) - 1.0);
  return {std::min(static_cast<std::size_t>(first), centre),
          std::max(static_cast<std::size_t>(last), centre)};
}

/// A property of each patch, between semicolons.
template <typename Property>
std::string of_each(const CopyRow& row, const Property& property) {
  std::vector<std::string> texts;
  for (const Patch& patch : row.made.patches) {
    texts.push_back(property(patch, box_of(patch, row.axes)));
  }
  return fmt::format("{}", fmt::join(texts, ";"));
}

std::string logit_text(const std::optional<LabelScore>& score) {
  return score ? fmt::format("{:.6g}", score->logit) : std::string();
}

}  // namespace

CopyChoice CopyChoice::parse(std::string_view text) {
  if (text == "correct") return {};
  if (text == "all") return {Kind::all, 0.0};
  require(text.starts_with(kConfident),
          fmt::format("--which is '{}'; expected correct, all or confident:P", text));
  const double probability =
      core::parse_number(text.substr(kConfident.size()), "--which confident:P");
  require(probability >= 0.0 && probability <= 1.0,
          fmt::format("--which is '{}'; expected a probability from 0 to 1", text));
  return {Kind::confident, probability};
}

std::optional<std::string> reason_against_copy(const Result& result, const std::string& label,
                                               const CopyChoice& choice) {
  const Explanation& explanation = result.explanation;
  if (label.empty()) return "the recording has no label";
  if (!explanation.windows.front().class_index || !is_of_label(result, label)) {
    return fmt::format(
        "the map is of {}, not of its label {}; make it by batch --score label with this table",
        to_string(result.options.score), label);
  }
  if (unresolved_windows(explanation) > 0) return "the map is not above its noise";
  const std::vector<HeardClass> heard = heard_in_recording(explanation);
  if (choice.kind == CopyChoice::Kind::correct &&
      (heard.empty() || heard.front().index != class_of(result))) {
    return fmt::format("the model hears {}, not {}",
                       heard.empty() ? "nothing" : class_name(heard.front()), label);
  }
  if (choice.kind == CopyChoice::Kind::confident &&
      heard_probability(result) < choice.probability) {
    return fmt::format("the label {} has a probability below {}", label, choice.probability);
  }
  return std::nullopt;
}

SuppressedInput suppress(const Result& result, const PatchOptions& options, const Fill& fill,
                         std::uint64_t seed) {
  const Explanation& explanation = result.explanation;
  require(options.least_se == 0.0 || degrees_of_freedom(explanation) > 0,
          "the map has no standard errors, because nothing was random or masks were few; use "
          "--min-se 0");
  RecordingWindows recording;
  recording.spectrogram = explanation.spectrogram;
  recording.spectrogram.silence = silence_level(result.card.front_end);
  for (const WindowSummary& window : explanation.windows) {
    recording.windows.push_back(window.frames);
  }
  MaskOptions own_seed;
  own_seed.seed = seed;
  own_seed.recording = result.provenance.input.sha256;

  SuppressedInput made;
  made.patches = find_patches(explanation.contrast, contrast_errors(explanation), options,
                              own_seed.effective_seed());
  const Array2d<float>& input = explanation.spectrogram.values;
  made.weights = patch_weights(made.patches, {input.rows, input.columns}, options.profile);
  made.spectrogram = suppressed(
      input, made.weights, recording_fill(fill, recording, result.options.masks.effective_seed()));
  made.touched = static_cast<double>(
                     std::ranges::count_if(made.weights.values, [](double w) { return w > 0.0; })) /
                 static_cast<double>(made.weights.values.size());
  made.mass = mass_taken(explanation.contrast, made.weights);
  return made;
}

TimeFrequencyBox box_of(const Patch& patch, const Spectrogram& spectrogram) {
  const auto [first_band, last_band] =
      covered(patch.band, patch.half_bands, spectrogram.frequency_hz.size());
  const auto [first_frame, last_frame] =
      covered(patch.frame, patch.half_frames, spectrogram.time_s.size());
  return {spectrogram.time_s[first_frame], spectrogram.time_s[last_frame],
          spectrogram.frequency_hz[first_band], spectrogram.frequency_hz[last_band]};
}

LabelScore label_score(Engine& engine, const Result& result, const Array2d<float>& input) {
  const ModelCard& card = engine.card();
  Spectrogram whole;
  whole.values = input;
  whole.levels = window_levels(card.front_end);
  LabelScore score;
  const std::vector<WindowSummary>& windows = result.explanation.windows;
  for (const WindowSummary& window : windows) {
    const ModelOutputs outputs = engine.forward_alone(network_window(whole, window.frames).values);
    const std::span<const float> scores = outputs.class_scores.row(0);
    score.logit +=
        static_cast<double>(scores[class_of(result)]) / static_cast<double>(windows.size());
    score.probability =
        std::max(score.probability,
                 class_probability(card.activation, card.temperature, scores, class_of(result)));
  }
  return score;
}

double chance(const ModelCard& card) {
  return 1.0 / static_cast<double>(std::max<std::size_t>(card.labels.size(), 1));
}

std::string copies_csv(const std::vector<CopyRow>& rows, const std::string& round) {
  const bool has_fold =
      std::ranges::any_of(rows, [](const CopyRow& row) { return !row.label.fold.empty(); });
  std::string text = fmt::format(
      "file,source,label,group,{}round,patches,begin_s,end_s,low_hz,high_hz,strength,touched,"
      "mass,logit_before,logit_after,relax_spectro\n",
      has_fold ? "fold," : "");
  for (const CopyRow& row : rows) {
    const auto each = [&row](double TimeFrequencyBox::*member) {
      return of_each(row, [member](const Patch&, const TimeFrequencyBox& box) {
        return fmt::format("{:.6g}", box.*member);
      });
    };
    const RecordingLabel& label = row.label;
    text += fmt::format(
        "{},{},{},{},{}{},{},{},{},{},{},{},{:.4f},{:.4f},{},{},{}\n", core::csv_cell(row.file),
        core::csv_cell(row.source), core::csv_cell(label.label),
        core::csv_cell(label.group.empty() ? label.file : label.group),
        has_fold ? core::csv_cell(label.fold) + "," : "", round, row.made.patches.size(),
        each(&TimeFrequencyBox::begin_s), each(&TimeFrequencyBox::end_s),
        each(&TimeFrequencyBox::low_hz), each(&TimeFrequencyBox::high_hz),
        of_each(row, [](const Patch& patch,
                        const TimeFrequencyBox&) { return fmt::format("{:.6g}", patch.strength); }),
        row.made.touched, row.made.mass, logit_text(row.before), logit_text(row.after), version());
  }
  return text;
}

void write_suppressed(const std::filesystem::path& path, const SuppressedInput& made,
                      const Spectrogram& axes) {
  NpzWriter writer;
  writer.add("spectrogram", made.spectrogram);
  writer.add("weight", converted<float>(made.weights));
  writer.add("time_s", {axes.time_s.size()}, std::span<const double>(axes.time_s));
  writer.add("frequency_hz", {axes.frequency_hz.size()},
             std::span<const double>(axes.frequency_hz));
  writer.write(path);
}

}  // namespace relax_spectro
