#include "occlusion/perturbation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/draw_stream.hpp"
#include "base/nearest.hpp"
#include "base/text.hpp"
#include "masks/mask_family.hpp"
#include "occlusion/occlusion.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

struct Unit {
  std::string_view name;  // in lower case
  double divisor;         // that makes the base unit
};

/// What an item of --perturb may say.
struct Kind {
  PerturbationKind kind;
  std::string_view name;
  std::array<Unit, 2> units;
  double low;
  double high;
  bool has_copies;
  std::string_view expected;
};

constexpr std::array kKinds{
    Kind{PerturbationKind::gain,
         "gain",
         {Unit{"db", 1}, {"db", 1}},
         -100,
         100,
         false,
         "a gain from -100dB to 100dB, such as gain:-6dB"},
    Kind{PerturbationKind::shift,
         "shift",
         {Unit{"s", 1}, {"ms", 1000}},
         -3600,
         3600,
         false,
         "a time from -3600s to 3600s, such as shift:10ms"},
    Kind{PerturbationKind::noise,
         "noise",
         {Unit{"db", 1}, {"db", 1}},
         -100,
         100,
         true,
         "a ratio from -100dB to 100dB, such as noise:20dB, or noise:20dBx8 for 8 copies"},
    Kind{PerturbationKind::lowpass,
         "lowpass",
         {Unit{"hz", 1}, {"khz", 0.001}},
         50,
         1e6,
         false,
         "a frequency from 50Hz to 1000kHz, such as lowpass:8kHz"},
    Kind{PerturbationKind::mask,
         "mask",
         {Unit{"", 1}, {"", 1}},
         0.001,
         0.999,
         true,
         "a probability of keeping a cell from 0.001 to 0.999, such as mask:0.5, or mask:0.5x8 for "
         "8 copies"}};

const Kind& kind_of(std::string_view item) {
  const std::string_view typed = item.substr(0, item.find(':'));
  const auto found = std::ranges::find(kKinds, typed, &Kind::name);
  if (found != kKinds.end()) return *found;
  std::vector<std::string_view> names;
  for (const Kind& kind : kKinds) names.push_back(kind.name);
  throw ConfigError(
      fmt::format("--perturb: '{}' is not known; expected items such as gain:-6dB, shift:10ms, "
                  "noise:20dB, lowpass:8kHz or mask:0.5x8{}",
                  item, did_you_mean(typed, names)));
}

/// The value of "-6dB" in base units.
std::optional<double> value_of(const Kind& kind, std::string_view text) {
  double number = 0.0;
  const char* const end = text.data() + text.size();
  const auto [number_end, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc()) return std::nullopt;
  const auto unit = std::ranges::find(kind.units, core::lower_case({number_end, end}), &Unit::name);
  if (unit == kind.units.end()) return std::nullopt;
  const double value = number / unit->divisor;
  return value >= kind.low && value <= kind.high ? std::optional(value) : std::nullopt;
}

std::optional<std::size_t> copies_of(const Kind& kind, std::string_view text) {
  constexpr std::size_t kMostCopies = 1000;
  std::size_t copies = 0;
  const char* const end = text.data() + text.size();
  const auto [number_end, error] = std::from_chars(text.data(), end, copies);
  const bool is_valid = error == std::errc() && number_end == end && kind.has_copies &&
                        copies >= 1 && copies <= kMostCopies;
  return is_valid ? std::optional(copies) : std::nullopt;
}

Perturbation parse_item(std::string_view item) {
  const Kind& kind = kind_of(item);
  const std::size_t colon = std::min(item.find(':'), item.size() - 1);
  const std::size_t cross = std::min(item.find('x', colon), item.size());
  const auto value = value_of(kind, item.substr(colon + 1, cross - colon - 1));
  const auto copies = cross == item.size() ? std::optional(std::size_t{1})
                                           : copies_of(kind, item.substr(cross + 1));
  if (!value || !copies) {
    throw ConfigError(
        fmt::format("--perturb: '{}' is not valid; expected {}", item, kind.expected));
  }
  return {std::string(item.substr(0, cross)), kind.kind, *value, *copies};
}

double mean_square(const std::vector<float>& samples) {
  double sum = 0.0;
  for (const float sample : samples) sum += static_cast<double>(sample) * sample;
  return sum / static_cast<double>(samples.size());
}

void amplify(std::vector<float>& samples, double gain_db) {
  const double factor = std::pow(10.0, gain_db / 20.0);
  for (float& sample : samples) sample = static_cast<float>(factor * sample);
}

void rotate_later(std::vector<float>& samples, double shift_samples) {
  const auto count = static_cast<std::int64_t>(samples.size());
  const std::int64_t shift = static_cast<std::int64_t>(std::round(shift_samples)) % count;
  std::rotate(samples.begin(), samples.end() - (shift + count) % count, samples.end());
}

void add_noise(std::vector<float>& samples, double ratio_db, core::DrawStream draws) {
  const double sd = std::sqrt(mean_square(samples) * std::pow(10.0, -ratio_db / 10.0));
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    const std::array<double, 2> noise = core::normal_pair(draws);
    for (std::size_t j = i; j < std::min(i + 2, samples.size()); ++j) {
      samples[j] = static_cast<float>(samples[j] + sd * noise[j - i]);
    }
  }
}

Audio low_passed(Audio audio, double frequency_hz) {
  const int rate_hz = static_cast<int>(std::round(2.0 * frequency_hz));
  if (rate_hz >= audio.sample_rate_hz) return audio;
  const std::size_t samples = audio.samples.size();
  audio.samples = resample(resample(audio, rate_hz), audio.sample_rate_hz).samples;
  audio.samples.resize(samples);  // each length was rounded
  return audio;
}

/// The masks of copies. Their seed is also that of noise.
MaskOptions masks_of(const Perturbation& perturbation, const PerturbationSeed& seed) {
  MaskOptions masks;
  masks.design = DesignKind::independent;
  masks.seed = seed.seed;
  masks.recording = seed.recording;
  masks.keep_probability = perturbation.value;
  return masks;
}

}  // namespace

std::vector<Perturbation> parse_perturbations(std::string_view text) {
  std::vector<Perturbation> all;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    Perturbation one = parse_item(core::trimmed(text.substr(begin, end - begin)));
    if (std::ranges::find(all, one.name, &Perturbation::name) != all.end()) {
      throw ConfigError(
          fmt::format("--perturb: '{}' is there twice; expected each item once", one.name));
    }
    all.push_back(std::move(one));
    begin = end + 1;
  }
  return all;
}

Audio perturbed_sound(const Perturbation& perturbation, Audio audio, const PerturbationSeed& seed,
                      std::size_t copy) {
  switch (perturbation.kind) {
    case PerturbationKind::gain:
      amplify(audio.samples, perturbation.value);
      break;
    case PerturbationKind::shift:
      rotate_later(audio.samples, perturbation.value * audio.sample_rate_hz);
      break;
    case PerturbationKind::noise:
      add_noise(audio.samples, perturbation.value,
                {masks_of(perturbation, seed).effective_seed(), copy, core::DrawsFor::added_noise});
      break;
    case PerturbationKind::lowpass:
      return low_passed(std::move(audio), perturbation.value);
    case PerturbationKind::mask:
      break;
  }
  return audio;
}

Embeddings embed_perturbed(Engine& engine, const Audio& audio, const WindowOptions& options,
                           const Perturbation& perturbation, const Fill& fill,
                           const PerturbationSeed& seed, std::size_t copy) {
  if (perturbation.kind != PerturbationKind::mask) {
    return embed(engine, perturbed_sound(perturbation, audio, seed, copy), options);
  }
  const FrontEndConfig& front_end = engine.card().front_end;
  const MaskOptions masks = masks_of(perturbation, seed);
  return embed(engine, audio, options, [&](const NetworkWindow& whole) {
    const Array2d<float>& window = whole.values;
    const MaskSet set = make_masks(masks, mask_axes(front_end, window.columns));
    Array2d<float> masked(window.rows, window.columns);
    expand_mask(set.law, set.design->mask(copy), masked.values);
    occlude({window, make_fill(fill, window, whole.silence, masks.effective_seed())},
            masked.values);
    return masked;
  });
}

}  // namespace relax_spectro
