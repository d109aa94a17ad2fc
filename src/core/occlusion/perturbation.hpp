#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "occlusion/embed.hpp"
#include "relax_spectro/occlusion/fill.hpp"

namespace relax_spectro {

enum class PerturbationKind {
  gain,     ///< louder or softer, in dB. Nothing is clipped
  shift,    ///< later, in seconds; negative: earlier. The end comes round to the start
  noise,    ///< white Gaussian noise, at this signal-to-noise ratio in dB
  lowpass,  ///< resampled to twice this frequency in Hertz, and back
  mask,     ///< a random mask that keeps each of 7x7 cells of a window with this probability
};

/// A change of a recording, to test what it does to a model's outputs.
struct Perturbation {
  std::string name;  ///< as it was asked for, without the number of copies: "gain:-6dB"
  PerturbationKind kind = PerturbationKind::gain;
  double value = 0.0;
  std::size_t copies = 1;  ///< how many changed copies; only noise and masks differ between them
};

/// Reads changes between commas: "gain:-6dB,shift:10ms,noise:20dB,lowpass:8kHz,mask:0.5x8".
/// @throws ConfigError  naming --perturb, the item, and a valid one. An item is there twice.
[[nodiscard]] std::vector<Perturbation> parse_perturbations(std::string_view text);

/// What the random parts of changes depend on.
struct PerturbationSeed {
  std::uint64_t seed = 0;
  std::string recording;  ///< SHA-256 of its file
};

/// The changed sound. A mask does not change it. The signal-to-noise ratio is that of the mean
/// squares of the whole recording; digital silence gets no noise.
/// @param copy  number of the copy, from 0. The same copy has the same noise at every ratio.
[[nodiscard]] Audio perturbed_sound(const Perturbation& perturbation, Audio audio,
                                    const PerturbationSeed& seed, std::size_t copy);

/// The outputs of a changed copy. A mask is the same for all windows of a copy.
/// @param fill  what stands where a mask hides the input.
/// @throws ConfigError, ModelError, MemoryError  as embed
[[nodiscard]] Embeddings embed_perturbed(Engine& engine, const Audio& audio,
                                         const WindowOptions& options,
                                         const Perturbation& perturbation, const Fill& fill,
                                         const PerturbationSeed& seed, std::size_t copy);

}  // namespace relax_spectro
