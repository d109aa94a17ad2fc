#include "render/map_panel.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/render/explanation_figure.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"

using namespace relax_spectro;

namespace {

/// A result of windows of 10 frames every 5 frames.
Result overlapping(const std::vector<std::optional<double>>& noise) {
  Result result = test::flat_result(7, noise.size() + 1);
  std::vector<WindowSummary>& windows = result.explanation.windows;
  windows.assign(noise.size(), windows.front());
  for (std::size_t w = 0; w < noise.size(); ++w) {
    windows[w].frames = {5 * w, 10};
    windows[w].noise_to_contrast = noise[w];
  }
  return result;
}

std::string words_for(const std::string& score, const std::vector<std::size_t>& classes = {}) {
  Result result = test::flat_result();
  result.options.score = parse_score(score);
  result.card.labels = {"dog bark", "rain"};
  result.explanation.windows.resize(std::max<std::size_t>(1, classes.size()));
  for (std::size_t w = 0; w < classes.size(); ++w) {
    result.explanation.windows[w].class_index = classes[w];
  }
  return score_words(result);
}

FigurePanel contrast_of(const Result& result, const Fade& fade = {}) {
  return map_panel(result, "contrast", result.explanation.contrast, fade);
}

}  // namespace

TEST_CASE("a score is named by its class, and never as the top one of a single class") {
  CHECK(words_for("cosine") == "similarity to the whole input (cosine)");
  CHECK(words_for("top", {1, 1}) == "logit of rain");
  CHECK(words_for("prob:1", {1}) == "probability of rain");
  CHECK(words_for("top", {4}) == "logit of class 4");
  CHECK(words_for("top", {0, 1}) == "logit of each window's top class");
  Result alike = test::flat_result();
  alike.provenance.reference = SourceFile{"a/owl.wav", ""};
  CHECK(score_words(alike) == "similarity to owl.wav (cosine)");
}

TEST_CASE("a time is veiled if only windows without a map cover it") {
  Result result = overlapping({0.1, std::nullopt, 2.0, 0.1, std::nullopt});
  result.explanation.windows.back().silent_frames = 10;
  const auto veils_over = [&result](const std::string& name) {
    return map_panel(result, name, result.explanation.contrast).marks.veils;
  };
  const std::vector<Veil> veils = veils_over("contrast");
  REQUIRE(veils.size() == 2);  // frames 10 to 14, and 25 to 29; 0.1 s each
  CHECK(veils[0].begin_s == Approx(1.0));
  CHECK(veils[0].end_s == Approx(1.4));
  CHECK(veils[0].label == "unresolved: not above its noise");
  CHECK(veils[1].begin_s == Approx(2.5));
  CHECK(veils[1].label == "digital silence");
  CHECK(veils_over("standard_error").empty());
}

TEST_CASE("seams are where windows begin, and cells divide each window") {
  Result result = overlapping({0.1, 0.1});
  result.explanation.method.grid = {7, 2};
  const PanelMarks marks = contrast_of(result).marks;
  REQUIRE(marks.seams_s.size() == 1);
  CHECK(marks.seams_s[0] == Approx(0.45));  // before frame 5, at 0.5 s
  CHECK(marks.cell_edges_s.size() == 2);
  CHECK(marks.cell_edges_s[1] == Approx(0.95));
  CHECK(marks.cell_edges_hz.size() == 6);
  CHECK(marks.cell_edges_hz[0] == Approx(550.0));  // between bands at 500 and 600 Hz
  result.options.masks.family = MaskFamily::rise;  // shifts its cells anywhere
  CHECK(contrast_of(result).marks.cell_edges_s.empty());
}

TEST_CASE("contrast is faded below two standard errors, or where any bin may be by chance") {
  Result result = test::flat_result();
  result.explanation.windows[0].noise_to_contrast = 0.5;
  test::raise(result.explanation.contrast, 10, 10, 5, 4.0);
  const FigurePanel plain = contrast_of(result, parse_fade("2"));
  CHECK(plain.is_signed);
  CHECK(plain.fade_below == 2.0);
  CHECK(plain.standard_error(0, 0) < 1.0);  // without the error of the window's level
  // The limit for 49 cells and 15 degrees of freedom, at 0.05: above that for a single value.
  const FigurePanel strict = contrast_of(result, parse_fade("family-wise"));
  CHECK(strict.fade_below > 4.0);
  CHECK(strict.fade_below < 8.0);
  result.explanation.windows[0].blocks = 0;  // nothing is random
  CHECK(contrast_of(result, parse_fade("family-wise")).fade_below == 0.0);
  for (const char* wrong : {"-1", "much", "nan"}) CHECK_THROWS_AS(parse_fade(wrong), ConfigError);
}

TEST_CASE("masks over one axis give curves") {
  ExplainOptions options = test::quick_options();
  options.masks.family = MaskFamily::time;
  options.masks.grid = {1, 5};
  Result result = test::explained_noise(options, 0.16);
  CHECK(contrast_of(result).kind == PanelKind::time_curve);
  result.options.masks.family = MaskFamily::frequency;
  CHECK(contrast_of(result).kind ==
        (result.explanation.windows.size() == 1 ? PanelKind::frequency_curve : PanelKind::picture));
  result.options.masks.family = MaskFamily::random;
  CHECK(contrast_of(result).kind == PanelKind::picture);
}

TEST_CASE("the figure of a result says what was heard, the verdict, and the first warnings") {
  Result result = test::explained_noise(test::quick_options());
  result.explanation.windows[0].heard = {{3, "gull", 0.75}};
  result.explanation.warnings.assign(7, "it rains");
  const Figure figure = explanation_figure(result);
  CHECK_THAT(figure.subtitle, Catch::StartsWith("heard gull 0.75\n"));
  REQUIRE(figure.notes.size() == 7);
  CHECK_THAT(figure.notes[0], Catch::EndsWith("resolved") || Catch::Contains("resolved: "));
  CHECK_THAT(figure.notes[0], !Catch::Contains("tested"));
  CHECK(figure.notes[5] == "Warning: it rains.");
  CHECK(figure.notes[6] == "2 more warnings are in the JSON.");
}
