#include "masks/mask_design.hpp"

#include <algorithm>
#include <cmath>

#include "base/draw_stream.hpp"

namespace relax_spectro {
namespace {

/// Divides a range into `parts` consecutive ranges of equal size, to within one mask.
std::vector<MaskRange> equal_parts(MaskRange range, std::size_t parts) {
  std::vector<MaskRange> result;
  for (std::size_t part = 0; part < parts; ++part) {
    result.push_back({range.begin + part * range.size() / parts,
                      range.begin + (part + 1) * range.size() / parts});
  }
  return result;
}

}  // namespace

std::vector<MaskRange> MaskDesign::blocks(MaskRange range) const {
  // Eight parts give the standard error seven degrees of freedom.
  constexpr std::size_t kParts = 8;
  return equal_parts(range, range.size() < kFewestMasksForNoise ? 1 : kParts);
}

std::vector<MaskRange> BlockDesign::blocks(MaskRange range) const {
  constexpr std::size_t kMostParts = 32;
  const std::size_t first =
      range.begin / masks_per_block_ + (range.begin % masks_per_block_ == 0 ? 0 : 1);
  const std::size_t last = range.end / masks_per_block_;
  if (range.size() < kFewestMasksForNoise || last < first + 2) return {range};
  std::vector<MaskRange> parts = equal_parts({first, last}, std::min(last - first, kMostParts));
  for (MaskRange& part : parts) {
    part = {part.begin * masks_per_block_, part.end * masks_per_block_};
  }
  parts.front().begin = range.begin;
  parts.back().end = range.end;
  return parts;
}

IndependentDesign::IndependentDesign(const MaskLaw& law, std::uint64_t seed,
                                     double keep_probability)
    : cell_count_(law.grid().rows * law.grid().columns),
      shifts_(law.shifts()),
      seed_(seed),
      keep_below_(core::keep_threshold(keep_probability)) {}

std::optional<double> IndependentDesign::keep_probability() const {
  return std::ldexp(static_cast<double>(keep_below_), -32);
}

Mask IndependentDesign::mask(std::size_t index) const {
  core::DrawStream draws(seed_, index, core::DrawsFor::independent_mask);
  Mask mask;
  mask.shift = {draws.next_below(shifts_.rows), draws.next_below(shifts_.columns)};
  mask.cell_bits.resize(cell_count_);
  for (std::uint8_t& bit : mask.cell_bits) bit = draws.next() < keep_below_ ? 1 : 0;
  return mask;
}

}  // namespace relax_spectro
