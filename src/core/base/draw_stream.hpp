#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace relax_spectro::core {

/// The purpose of draws. Streams for different purposes are independent.
enum class DrawsFor : std::uint32_t {
  independent_mask = 0,
  code_block = 1,
  sobol_block = 2,
  time_frequency_mask = 3,
  noise_fill = 4,
  flip_order = 5,
  bootstrap = 6,
  weight_order = 7,
  seed_of_recording = 8,
  adaptive_mask = 9,
  group_bootstrap = 10,
  fold_order = 11,
  label_order = 12,
  sign_flip = 13,
  k_means_start = 14,
  cell_patterns = 15,
  added_noise = 16,
  slice_order = 17,
  slice_start = 18,
  label_exchange = 19,
  cluster_resample = 20,
  patch_place = 21,
  probe_sound = 22,
};

/// The 32-bit draws of one mask or of one block of masks, in order. The generator is counter-based:
/// draws 4j to 4j + 3 are Philox4x32-10 (Salmon et al., SC 2011) with key = seed and counter =
/// (index, j, purpose).
class DrawStream {
 public:
  DrawStream(std::uint64_t seed, std::uint64_t index, DrawsFor purpose);

  [[nodiscard]] std::uint32_t next();

  /// Uniform in 0 .. count - 1. The bias of each value is at most count / 2^32.
  [[nodiscard]] std::uint32_t next_below(std::size_t count);

 private:
  std::array<std::uint32_t, 2> key_;
  std::array<std::uint32_t, 4> counter_;
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = block_.size();
};

/// The next two standard normal numbers, from four draws (Box and Muller, Ann. Math. Stat. 29,
/// 1958).
[[nodiscard]] std::array<double, 2> normal_pair(DrawStream& draws);

/// Scales a 32-bit fraction to 0 .. count - 1.
[[nodiscard]] inline std::uint32_t scaled_to(std::uint32_t fraction, std::size_t count) {
  return static_cast<std::uint32_t>((std::uint64_t{fraction} * count) >> 32);
}

/// A uniformly random order of 0 .. count - 1 (Fisher and Yates).
[[nodiscard]] std::vector<std::uint32_t> shuffled_order(std::size_t count, DrawStream draws);

/// The threshold that a 32-bit draw stays below with the given probability.
/// @throws ConfigError  the probability is outside (0, 1).
[[nodiscard]] std::uint32_t keep_threshold(double keep_probability);

}  // namespace relax_spectro::core
