#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace relax_spectro::core {

/// The 32-bit draws of one mask, one after the other, four from each Philox 4x32-10 block: the key
/// is the seed, the counter (index, block).
class DrawStream {
 public:
  DrawStream(std::uint64_t seed, std::uint64_t index)
      : key_{{low(seed), high(seed)}}, counter_{{low(index), high(index), 0, 0}} {}

  std::uint32_t next() {
    if (used_ == block_.size()) {
      const auto numbers = r123::Philox4x32()(counter_, key_);
      block_ = {numbers[0], numbers[1], numbers[2], numbers[3]};
      ++counter_[2];
      used_ = 0;
    }
    return block_[used_++];
  }

  /// Uniform in 0 .. count - 1, to within count / 2^32.
  std::uint32_t next_below(std::size_t count) {
    return static_cast<std::uint32_t>((std::uint64_t{next()} * count) >> 32);
  }

 private:
  static std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
  static std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

  r123::Philox4x32::key_type key_;
  r123::Philox4x32::ctr_type counter_;
  std::array<std::uint32_t, 4> block_{};
  std::size_t used_ = block_.size();
};

}  // namespace relax_spectro::core
