#include "relax_spectro/masks/window_sweep.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/render/explanation_figure.hpp"
#include "relax_spectro/saliency/explain.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"

using namespace relax_spectro;

namespace {

constexpr int kRate = 8000;
constexpr double kFrameS = 64.0 / kRate;
constexpr test::Rectangle kRectangle{4, 8, 5, 10};

/// This many windows of small_card: 20 frames of 64 samples each.
Audio windows_of_noise(double count) { return test::noise((count * 20 - 0.5) * kFrameS, kRate); }

ExplainOptions sweep_of(const std::vector<std::string>& windows) {
  ExplainOptions options;
  options.masks.family = MaskFamily::window;
  options.masks.windows.clear();
  for (const std::string& window : windows) {
    options.masks.windows.push_back({parse_size(window, "--window"), {}});
  }
  options.fill.kind = FillKind::silence;
  return options;
}

}  // namespace

TEST_CASE("a sweep over sizes has the map of each, in the order asked for") {
  test::RectangleModel model(kRectangle);
  const std::vector<std::string> windows = {"1x1", "4x5", "allx2", "2x2"};
  const Explanation all = test::explain_with(model, windows_of_noise(2.4), sweep_of(windows));
  REQUIRE(all.windows.size() == 3);
  REQUIRE(all.sizes.size() == 4);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Explanation alone =
        test::explain_with(model, windows_of_noise(2.4), sweep_of({windows[i]}));
    CHECK(to_string(all.sizes[i].window) == windows[i]);
    CHECK(all.sizes[i].importance.values == alone.saliency.importance.values);
    CHECK(all.sizes[i].largest_drop == alone.sizes.front().largest_drop);
    CHECK(all.sizes[i].masks == alone.windows.size() * alone.scores.columns);
  }
}

TEST_CASE("the arrays are those of the size at which the score falls most") {
  test::RectangleModel model(kRectangle);
  // Only a window of the rectangle's size can mask all of it.
  const std::size_t position = GENERATE(0, 1, 2);
  std::vector<std::string> windows = {"1x1", "2x2"};
  windows.insert(windows.begin() + static_cast<std::ptrdiff_t>(position), "4x5");
  const Explanation all = test::explain_with(model, windows_of_noise(1), sweep_of(windows));
  const Explanation alone = test::explain_with(model, windows_of_noise(1), sweep_of({"4x5"}));
  CHECK(all.steepest_size == position);
  CHECK(all.saliency.importance.values == alone.saliency.importance.values);
  CHECK(all.saliency.uncertainty.values == alone.saliency.uncertainty.values);
  CHECK(all.contrast.values == alone.contrast.values);
  CHECK(all.scores.values == alone.scores.values);
  CHECK(all.windows.front().masks == alone.windows.front().masks);
}

TEST_CASE("a size's largest drop is that of the window over the rectangle, to its bins' edges") {
  test::RectangleModel model(kRectangle);
  ExplainOptions options = sweep_of({"4x5"});
  options.masks.windows.front().stride = Size2d{4, 5};
  const Explanation sweep = test::explain_with(model, windows_of_noise(1), options);
  REQUIRE(sweep.sizes.size() == 1);
  const SizeSummary& size = sweep.sizes.front();
  CHECK(size.most_bins == Shape2d{4, 5});
  CHECK(size.fewest_bins == Shape2d{4, 5});
  CHECK(size.positions == Shape2d{4, 4});
  CHECK(size.masks == 16);
  // One of the sixteen windows hides the rectangle, and no other touches it.
  CHECK(size.largest_drop > 0.0);
  CHECK(size.mean_drop == Approx(size.largest_drop / 16.0).epsilon(1e-9));
  CHECK(sweep.saliency.importance(5, 7) == Approx(size.largest_drop).epsilon(1e-9));
  const std::vector<double>& hz = sweep.spectrogram.frequency_hz;
  const std::vector<double>& time_s = sweep.spectrogram.time_s;
  CHECK(size.largest_drop_at.low_hz == Approx((hz[3] + hz[4]) / 2.0));
  CHECK(size.largest_drop_at.high_hz == Approx((hz[7] + hz[8]) / 2.0));
  CHECK(size.largest_drop_at.begin_s == Approx(time_s[5] - kFrameS / 2.0));
  CHECK(size.largest_drop_at.end_s == Approx(time_s[9] + kFrameS / 2.0));
}

TEST_CASE("the largest drop is looked for in all windows of the recording") {
  test::RectangleModel model(kRectangle);
  // Silence except in the second of three windows.
  Audio audio = windows_of_noise(3);
  for (std::size_t i = 0; i < audio.samples.size(); ++i) {
    const std::size_t window = i / (20 * 64);
    if (window != 1) audio.samples[i] = 0.0F;
  }
  const Explanation sweep = test::explain_with(model, audio, sweep_of({"16x4", "4x5"}));
  REQUIRE(sweep.windows.size() >= 3);
  for (const SizeSummary& size : sweep.sizes) {
    CHECK(size.largest_drop > 0.0);
    CHECK(size.largest_drop_at.begin_s > 19 * kFrameS);
    CHECK(size.largest_drop_at.end_s < 41 * kFrameS);
  }
}

TEST_CASE("of a window in Hertz, the most and the fewest bands are told") {
  test::RectangleModel model(kRectangle);
  const Explanation sweep =
      test::explain_with(model, windows_of_noise(1), sweep_of({"1000Hzx40ms"}));
  const SizeSummary& size = sweep.sizes.front();
  CHECK(to_string(size.stride) == "500Hzx2");
  CHECK(size.most_bins.columns == 5);
  CHECK(size.most_bins.rows > size.fewest_bins.rows);
  CHECK(size.fewest_bins.rows >= 1);
  CHECK(size.largest_drop_at.low_hz < size.largest_drop_at.high_hz);
}

TEST_CASE("the figure of a sweep over sizes has a panel for each, and marks the steepest") {
  test::RectangleModel model(kRectangle);
  const ExplainOptions options = sweep_of({"1x1", "4x5", "1000Hzx40ms", "allx2"});
  const Explanation sweep = test::explain_with(model, windows_of_noise(1), options);
  const Figure figure = explanation_figure({Provenance(), model.card(), options, sweep});
  REQUIRE(figure.panels.size() == 5);
  CHECK_FALSE(figure.panels[0].outline.has_value());
  const std::vector<std::string> sizes = {"1x1 bins (0.008 s)", "4x5 bins (0.04 s)",
                                          "x5 bins (1000 Hz x 0.04 s)",
                                          "16x2 bins (all bands x 0.016 s)"};
  for (std::size_t i = 0; i < 4; ++i) {
    const FigurePanel& panel = figure.panels[i + 1];
    CHECK_THAT(panel.title, Catch::Contains(sizes[i] + ": largest drop "));
    CHECK((panel.title.find("the largest of all sizes") != std::string::npos) ==
          (i == sweep.steepest_size));
    CHECK(panel.values.values == sweep.sizes[i].importance.values);
    REQUIRE(panel.outline.has_value());
    CHECK(panel.outline->begin_s == sweep.sizes[i].largest_drop_at.begin_s);
  }
}

TEST_CASE("progress counts the masks of all sizes") {
  test::RectangleModel model(kRectangle);
  Engine engine(model, test::batches_of(16));
  std::size_t done_before = 0;
  std::size_t total = 0;
  const Explanation sweep =
      explain(engine, windows_of_noise(2), sweep_of({"4x4", "8x8", "allxall"}),
              [&](std::size_t done, std::size_t all) {
                CHECK(done > done_before);
                CHECK((total == 0 || total == all));
                done_before = done;
                total = all;
              });
  std::size_t masks = 0;
  for (const SizeSummary& size : sweep.sizes) masks += size.masks;
  CHECK(done_before == masks);
  CHECK(sweep.method.engine.windows == masks);
  CHECK(total == masks);
}

TEST_CASE("warnings name the size that they are about, and the recording's come once") {
  test::ConstantModel model;
  const Explanation sweep =
      test::explain_with(model, test::noise(0.05, kRate), sweep_of({"4x4", "allx5"}));
  REQUIRE(sweep.warnings.size() == 3);
  CHECK_THAT(sweep.warnings[0], Catch::Contains("shorter than the model's window"));
  CHECK_THAT(sweep.warnings[1], Catch::StartsWith("--window 4x4: unresolved from") &&
                                    Catch::EndsWith("drops the score equally everywhere"));
  CHECK_THAT(sweep.warnings[2], Catch::StartsWith("--window allx5: unresolved from"));
  CHECK(sweep.steepest_size == 0);
}

TEST_CASE("a size that does not fit is refused before the first is swept") {
  test::RectangleModel model(kRectangle);
  Engine engine(model, test::batches_of(16));
  CHECK_THROWS_WITH(explain(engine, windows_of_noise(1), sweep_of({"1x1", "17x4"})),
                    "--window is 17 bins along frequency; expected 1 to 16, the number of bins");
  CHECK(engine.take_use().windows == 0);
  ExplainOptions many = sweep_of(std::vector<std::string>(33, "1x1"));
  CHECK_THROWS_WITH(many.validate(), "--window lists 33 sizes; expected 1 to 32");
  many.masks.windows.clear();
  CHECK_THROWS_WITH(many.validate(), "--window lists 0 sizes; expected 1 to 32");
}
