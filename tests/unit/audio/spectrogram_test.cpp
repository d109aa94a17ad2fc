#include "relax_spectro/audio/spectrogram.hpp"

#include <cmath>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

std::vector<std::size_t> begins(const std::vector<FrameRange>& windows) {
  std::vector<std::size_t> result;
  for (const FrameRange& window : windows) result.push_back(window.begin);
  return result;
}

}  // namespace

TEST_CASE("a window takes its own level before the network gets it") {
  Spectrogram spectrogram;
  spectrogram.values = Array2d<float>(1, 6);
  spectrogram.values.values = {-1.0F, 0.0F, 2.0F, 5.0F, 5.0F, 5.0F};
  spectrogram.silence = -3.0F;
  const auto check = [&](WindowLevels levels, FrameRange range, const std::vector<float>& expected,
                         float silence) {
    spectrogram.levels = levels;
    const NetworkWindow window = network_window(spectrogram, range);
    REQUIRE(window.values.values.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK(window.values.values[i] == Approx(expected[i]).margin(1e-6));
    }
    CHECK(window.silence == Approx(silence));
  };
  check({}, {0, 3}, {-1, 0, 2}, -3);
  // Levels are 2 v + 1: -1, 1, 5 and silence -5.
  check({4.0, WindowNorm::none, 1.0, 2.0}, {0, 3}, {0, 0, 2}, 0);
  check({0.0, WindowNorm::largest, 1.0, 2.0}, {0, 3}, {-3.5, -2.5, -0.5}, -5.5);
  check({4.0, WindowNorm::largest, 1.0, 2.0}, {0, 3}, {-2.5, -2.5, -0.5}, -2.5);
  const auto root = static_cast<float>(std::sqrt(14.0));
  check({0.0, WindowNorm::mean_deviation, 0.0, 1.0}, {0, 3}, {-4 / root, -1 / root, 5 / root},
        -10 / root);
  check({0.0, WindowNorm::mean_deviation, 0.0, 1.0}, {3, 3}, {0, 0, 0}, -8);
}

TEST_CASE("windows follow each other at the hop, and the last one covers the tail") {
  CHECK(begins(cut_windows(10, 4, 4)) == std::vector<std::size_t>{0, 4, 6});
  CHECK(begins(cut_windows(12, 4, 4)) == std::vector<std::size_t>{0, 4, 8});
  CHECK(begins(cut_windows(9, 4, 2)) == std::vector<std::size_t>{0, 2, 4, 5});
  CHECK(begins(cut_windows(4, 4, 4)) == std::vector<std::size_t>{0});
  CHECK(begins(cut_windows(10, 4, 4, Tail::drop)) == std::vector<std::size_t>{0, 4});
  CHECK(cut_windows(3, 4, 4).empty());
  CHECK_THROWS_AS(cut_windows(10, 4, 0), ConfigError);
}

TEST_CASE("copied frames are those of the range") {
  Spectrogram spectrogram;
  spectrogram.values = Array2d<float>(2, 5);
  for (std::size_t i = 0; i < 10; ++i) spectrogram.values.values[i] = static_cast<float>(i);
  const Array2d<float> window = copy_frames(spectrogram, {1, 3});
  CHECK(window.rows == 2);
  CHECK(window.columns == 3);
  CHECK(window.values == std::vector<float>{1, 2, 3, 6, 7, 8});
}

TEST_CASE("a frame is silent where every band is at the level of digital silence, or next to it") {
  Spectrogram spectrogram;
  spectrogram.silence = -2.0F;
  spectrogram.values = Array2d<float>(2, 4, -2.0F);
  CHECK(silent_frames(spectrogram, {0, 4}) == 4);
  spectrogram.values(1, 1) = -1.9999F;  // a resampling error
  CHECK(silent_frames(spectrogram, {0, 4}) == 4);
  spectrogram.values(1, 1) = -1.99F;  // a faint sound
  CHECK(silent_frames(spectrogram, {0, 4}) == 3);
  CHECK(silent_frames(spectrogram, {1, 1}) == 0);
}
