#include "evaluation/boxes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "masks/mask_law.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

/// The range of an axis: the outer centres plus half a bin.
struct Cover {
  double low = 0.0;
  double high = 0.0;

  explicit Cover(std::span<const double> centres) : low(centres.front()), high(centres.back()) {
    if (centres.size() < 2) return;
    low -= 0.5 * (centres[1] - centres[0]);
    high += 0.5 * (centres.back() - centres[centres.size() - 2]);
  }
};

void require_on_axes(const AnnotatedBox& box, const SpectrogramExtent& extent,
                     const std::filesystem::path& table) {
  const auto fail = [&](const std::string& what) {
    throw IoError(fmt::format("{}: line {}: {}", table.string(), box.line, what));
  };
  if (box.start_s >= extent.duration_s) {
    fail(
        fmt::format("the box begins at {} s, but the recording is {:.3f} s long; "
                    "expected an earlier start: is it from another recording?",
                    box.start_s, extent.duration_s));
  }
  if (box.low_hz >= extent.nyquist_hz) {
    fail(
        fmt::format("the box begins at {} Hz, but the recording ends at {} Hz, "
                    "half its sample rate; expected less: "
                    "are these kHz, or from another recording?",
                    box.low_hz, extent.nyquist_hz));
  }
  const Cover bands(extent.frequency_hz);
  if (box.low_hz >= bands.high || box.high_hz <= bands.low) {
    fail(
        fmt::format("the box lies from {} to {} Hz, where the model hears nothing; "
                    "expected frequencies between {:.0f} and {:.0f} Hz: "
                    "remove the line, or explain with another model",
                    box.low_hz, box.high_hz, std::max(bands.low, 0.0), bands.high));
  }
}

/// The bins with centres in [low, high], or the nearest bin if there are none.
BinRange bins_between(std::span<const double> centres, double low, double high) {
  const auto first = std::ranges::lower_bound(centres, low);
  const auto last = std::ranges::upper_bound(centres, high);
  if (first < last) {
    return {static_cast<std::size_t>(first - centres.begin()),
            static_cast<std::size_t>(last - centres.begin())};
  }
  // All centres before `first` are below the box, all others above.
  auto nearest = static_cast<std::size_t>(first - centres.begin());
  if (first == centres.end() ||
      (nearest > 0 && low - centres[nearest - 1] < centres[nearest] - high)) {
    --nearest;
  }
  return {nearest, nearest + 1};
}

}  // namespace

std::vector<AnnotatedBox> boxes_labelled(std::span<const AnnotatedBox> boxes,
                                         std::string_view label) {
  std::vector<AnnotatedBox> found;
  std::ranges::copy_if(boxes, std::back_inserter(found),
                       [label](const AnnotatedBox& box) { return box.label == label; });
  return found;
}

std::vector<AnnotatedBox> boxes_between(std::span<const AnnotatedBox> boxes, double begin_s,
                                        double end_s) {
  std::vector<AnnotatedBox> found;
  std::ranges::copy_if(boxes, std::back_inserter(found), [=](const AnnotatedBox& box) {
    return box.end_s > begin_s && box.start_s < end_s;
  });
  return found;
}

Array2d<std::uint8_t> bins_inside(std::span<const AnnotatedBox> boxes,
                                  const SpectrogramExtent& extent,
                                  const std::filesystem::path& table) {
  Array2d<std::uint8_t> inside(extent.frequency_hz.size(), extent.time_s.size());
  for (const AnnotatedBox& box : boxes) {
    require_on_axes(box, extent, table);
    const BinRange bands = bins_between(extent.frequency_hz, box.low_hz, box.high_hz);
    const BinRange frames = bins_between(extent.time_s, box.start_s, box.end_s);
    for (std::size_t band = bands.begin; band < bands.end; ++band) {
      std::ranges::fill(inside.row(band).subspan(frames.begin, frames.size()), std::uint8_t{1});
    }
  }
  return inside;
}

}  // namespace relax_spectro
