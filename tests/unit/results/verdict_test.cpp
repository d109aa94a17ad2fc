#include "results/verdict.hpp"

#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/results.hpp"

using namespace relax_spectro;

namespace {

/// A result of windows of 70 frames with 1024 masks each, and this noise.
Result result_of(const std::vector<std::optional<double>>& noise) {
  Result result;
  result.card.front_end.bands = 126;
  result.card.front_end.hop_samples = 320;
  result.card.front_end.sample_rate_hz = 32000;
  result.explanation.method.grid = {7, 7};
  for (std::size_t w = 0; w < noise.size(); ++w) {
    WindowSummary& window = result.explanation.windows.emplace_back();
    window.frames = {70 * w, 70};
    window.masks = 1024;
    window.noise_to_contrast = noise[w];
  }
  return result;
}

Result silent_result(std::size_t first, std::size_t second, const std::string& fill) {
  Result result = result_of({std::nullopt, 0.1});
  result.explanation.windows[0].silent_frames = first;
  result.explanation.windows[1].silent_frames = second;
  result.options.fill = parse_fill(fill);
  return result;
}

FlipGains gains_of(double over_amplitude, double over_random) {
  FlipGains gains;
  gains.over_amplitude = over_amplitude;
  gains.over_random = over_random;
  gains.random_orders = gains.better_than = 19;
  return gains;
}

}  // namespace

TEST_CASE("a resolved map says its noise, its cells and whether it was tested", "[verdict]") {
  const Result result = result_of({0.05, 0.08});
  CHECK(verdict_of(result) ==
        "resolved: noise is 0.08 of its contrast; no sharper than its cells of 0.1 s x 18 bands; "
        "not tested: run relax-spectro flip");
  const auto said_of = [&](double over_amplitude, double over_random) {
    const FlipGains gains = gains_of(over_amplitude, over_random);
    const std::string said = verdict_of(result, &gains);
    return said.substr(said.rfind("; ") + 2);
  };
  CHECK(said_of(0.1, 0.1) == "beats loudness and chance");
  CHECK(said_of(-0.1, 0.1) == "beats chance but not loudness");
  CHECK(said_of(0.1, -0.1) == "beats loudness but not chance");
  CHECK(said_of(-0.1, -0.1) == "beats neither loudness nor chance");
}

TEST_CASE("the verdict names the sides on which masks differ", "[verdict]") {
  Result result = result_of({0.1});
  const auto has = [&result](const std::string& cells) {
    return verdict_of(result).find("; no sharper than its " + cells + "; ") != std::string::npos;
  };
  result.explanation.method.grid = {1, 10};
  CHECK(has("cells of 0.07 s"));
  result.explanation.method.grid = {12, 1};
  CHECK(has("cells of 10.5 bands"));
  result.options.masks.grid.adaptive = true;
  result.explanation.windows[0].cells = {{0, 64, 0, 35, 0.1, 0.01}, {64, 8, 35, 16, 0.1, 0.01}};
  CHECK(has("smallest cell of 0.16 s x 8 bands"));
}

TEST_CASE("an unresolved map is told before its size, with what may help", "[verdict]") {
  CHECK(verdict_of(result_of({std::nullopt, 1.2})) ==
        "unresolved: the map does not rise above its noise. Take more masks (--max-masks), unless "
        "the model does not react");
  Result fixed = result_of({0.1, std::nullopt, 0.1});
  fixed.options.masks.count = 1024;
  CHECK(verdict_of(fixed) ==
        "unresolved in 1 of 3 windows: the map does not rise above its noise there. Take more "
        "masks (--masks), unless the model does not react");
  fixed.explanation.windows[0].masks = 8;
  CHECK(verdict_of(fixed) ==
        "unresolved in 1 of 3 windows: 8 masks are too few to know the noise. Take 16 or more");
  fixed.explanation.sizes.resize(1);
  CHECK(verdict_of(fixed) ==
        "unresolved in 1 of 3 windows: the score falls equally wherever it is masked. Try another "
        "score");
}

TEST_CASE("silence is told first, unless there is little or masks keep it", "[verdict]") {
  CHECK(verdict_of(silent_result(70, 70, "silence")) ==
        "digital silence: the map shows only what --fill silence does. Explain another part");
  CHECK(verdict_of(silent_result(28, 0, "zero")) ==
        "much digital silence: it fills 20 % of the frames, and masks put --fill zero there. Try "
        "--fill silence");
  CHECK(verdict_of(silent_result(27, 0, "zero")).starts_with("unresolved in 1 of 2 windows"));
  CHECK(verdict_of(silent_result(70, 20, "silence")).starts_with("unresolved in 1 of 2 windows"));
  CHECK(verdict_of(silent_result(70, 20, "min")).starts_with("unresolved in 1 of 2 windows"));
}

TEST_CASE("three classes are heard in a recording: those with the largest probability anywhere",
          "[verdict]") {
  Explanation explanation;
  CHECK(heard_text(explanation).empty());
  explanation.windows.resize(2);
  explanation.windows[0].heard = {{5, "dog", 0.6}, {2, "", 0.3}, {7, "cat", 0.1}};
  explanation.windows[1].heard = {{3, "rain", 0.5}, {5, "dog", 0.4}, {7, "cat", 0.05}};
  CHECK(heard_text(explanation) == "heard dog 0.60, rain 0.50, class 2 0.30");
}
