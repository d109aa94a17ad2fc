#include <cmath>
#include <limits>

#include "relax_spectro/results/result.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("maps are rounded to what their noise allows") {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  constexpr std::size_t kBands = 5;
  constexpr std::size_t kFrames = 3;
  Explanation explanation;
  Saliency& saliency = explanation.saliency;
  for (Array2d<double>* map :
       {&saliency.importance, &saliency.uncertainty, &saliency.standard_error,
        &explanation.contrast, &explanation.u_relax}) {
    *map = Array2d<double>(kBands, kFrames);
  }
  for (std::size_t band = 0; band < kBands; ++band) {
    for (std::size_t frame = 0; frame < kFrames; ++frame) {
      const double value = std::sin(static_cast<double>(1 + band * kFrames + frame));
      saliency.importance(band, frame) = value;
      saliency.uncertainty(band, frame) = value * value;
      saliency.standard_error(band, frame) =
          frame == 2 ? kNaN : (frame == 0 ? 0.1 : 1e-3) * (1.0 + 0.1 * static_cast<double>(band));
    }
  }
  saliency.importance(0, 0) = kNaN;
  const Explanation exact = explanation;
  round_maps(explanation);
  CHECK(std::isnan(saliency.importance(0, 0)));
  for (std::size_t i = 1; i < saliency.importance.values.size(); ++i) {
    const double before = exact.saliency.importance.values[i];
    const double after = saliency.importance.values[i];
    const std::size_t frame = i % kFrames;
    // The medians are 0.12 and 0.0012: the steps are 2^-7 and 2^-13.
    if (frame < 2) {
      const double step = frame == 0 ? 0x1p-7 : 0x1p-13;
      CHECK(std::abs(after - before) <= step / 2.0);
      CHECK(std::fmod(after, step) == 0.0);
      const double error = exact.saliency.standard_error.values[i];
      CHECK(saliency.standard_error.values[i] == Approx(error).epsilon(0x1p-7));
    } else {
      CHECK(after == static_cast<double>(static_cast<float>(before)));
    }
    CHECK(saliency.uncertainty.values[i] ==
          Approx(exact.saliency.uncertainty.values[i]).epsilon(0x1p-7));
  }
  const Explanation once = explanation;
  round_maps(explanation);
  CHECK(saliency.uncertainty.values == once.saliency.uncertainty.values);
  CHECK(explanation.contrast.values == once.contrast.values);
}
