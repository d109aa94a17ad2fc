#include "base/draw_stream.hpp"

#include <Random123/philox.h>
#include <fmt/format.h>
#include <Random123/boxmuller.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32); }

}  // namespace

DrawStream::DrawStream(std::uint64_t seed, std::uint64_t index, DrawsFor purpose)
    : key_{low(seed), high(seed)},
      counter_{low(index), high(index), 0, static_cast<std::uint32_t>(purpose)} {}

std::uint32_t DrawStream::next() {
  if (used_ == block_.size()) {
    const auto numbers = r123::Philox4x32()({{counter_[0], counter_[1], counter_[2], counter_[3]}},
                                            {{key_[0], key_[1]}});
    block_ = {numbers[0], numbers[1], numbers[2], numbers[3]};
    ++counter_[2];
    used_ = 0;
  }
  return block_[used_++];
}

std::uint32_t DrawStream::next_below(std::size_t count) { return scaled_to(next(), count); }

std::array<double, 2> normal_pair(DrawStream& draws) {
  const auto wide = [&draws] {
    const std::uint64_t high = draws.next();
    return (high << 32) | draws.next();
  };
  const std::uint64_t angle = wide();
  const std::uint64_t radius = wide();
  const r123::double2 pair = r123::boxmuller(angle, radius);
  return {pair.x, pair.y};
}

std::vector<std::uint32_t> shuffled_order(std::size_t count, DrawStream draws) {
  std::vector<std::uint32_t> order(count);
  std::iota(order.begin(), order.end(), 0U);
  for (std::size_t left = count; left > 1; --left) {
    std::swap(order[left - 1], order[draws.next_below(left)]);
  }
  return order;
}

std::uint32_t keep_threshold(double keep_probability) {
  if (!(keep_probability > 0.0 && keep_probability < 1.0)) {
    throw ConfigError(fmt::format(
        "the probability of keeping a cell is {}; expected a value between 0 and 1, both excluded",
        keep_probability));
  }
  return static_cast<std::uint32_t>(
      std::clamp(std::round(std::ldexp(keep_probability, 32)), 1.0, std::ldexp(1.0, 32) - 1.0));
}

}  // namespace relax_spectro::core
