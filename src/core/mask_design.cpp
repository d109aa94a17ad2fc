#include "relax_spectro/mask_design.hpp"

#include <Random123/philox.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "relax_spectro/error.hpp"

namespace relax_spectro {
namespace {

/// The 32-bit draws of one mask, one after the other, four from each Philox block.
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

}  // namespace

IndependentDesign::IndependentDesign(const MaskLaw& law, std::uint64_t seed,
                                     double keep_probability)
    : cell_count_(law.grid().rows * law.grid().columns), shifts_(law.shifts()), seed_(seed) {
  if (!(keep_probability > 0.0 && keep_probability < 1.0)) {
    throw ConfigError(fmt::format(
        "the probability of keeping a cell is {}; expected a value between 0 and 1, both excluded",
        keep_probability));
  }
  keep_below_ = static_cast<std::uint32_t>(
      std::clamp(std::round(std::ldexp(keep_probability, 32)), 1.0, std::ldexp(1.0, 32) - 1.0));
}

Mask IndependentDesign::mask(std::size_t index) const {
  DrawStream draws(seed_, index);
  Mask mask;
  mask.shift = {draws.next_below(shifts_.rows), draws.next_below(shifts_.columns)};
  mask.cell_bits.resize(cell_count_);
  for (std::uint8_t& bit : mask.cell_bits) bit = draws.next() < keep_below_ ? 1 : 0;
  return mask;
}

}  // namespace relax_spectro
