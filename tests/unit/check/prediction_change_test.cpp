#include "check/prediction_change.hpp"

#include <string>
#include <vector>

#include "render/comparison_figure.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"

using namespace relax_spectro;

namespace {

using Heard = std::vector<HeardClass>;

/// A result with windows of 5 frames, and these best classes.
Result result_of(const std::vector<Heard>& heard, bool are_measured = false) {
  Result result = test::flat_result(7, heard.size());
  result.explanation.windows.clear();
  const std::vector<double>& time_s = result.explanation.spectrogram.time_s;
  for (std::size_t w = 0; w < heard.size(); ++w) {
    WindowSummary window;
    window.frames = {5 * w, 5};
    window.first_frame_s = time_s[5 * w];
    window.last_frame_s = time_s[5 * w + 4];
    window.blocks = 16;
    window.heard = heard[w];
    result.explanation.windows.push_back(window);
  }
  if (are_measured) result.options.score = parse_score("top");
  return result;
}

Heard dog_before_rain(double dog, double rain) { return {{0, "dog bark", dog}, {1, "rain", rain}}; }
Heard rain_before_dog(double rain, double dog) { return {{1, "rain", rain}, {0, "dog bark", dog}}; }

}  // namespace

TEST_CASE("another best class is a change, told where its lead is largest") {
  const Result before = result_of({dog_before_rain(0.6, 0.4), dog_before_rain(0.6, 0.4)});
  const Result now = result_of({rain_before_dog(0.52, 0.48), rain_before_dog(0.9, 0.1)});
  const auto change = compare_predictions(before, now);
  REQUIRE(change.has_value());
  CHECK(change->is_change());
  CHECK(change->changed_windows == 2);
  CHECK(*change->lead.value == Approx(0.8));
  CHECK(
      to_string(*change) ==
      "dog bark 0.60 \u2192 rain 0.90: the model hears another class from 0.50 s to 0.90 s (2 of 2 "
      "windows changed)");
  const auto none = compare_predictions(
      before, result_of({dog_before_rain(0.6, 0.4), dog_before_rain(0.9, 0.1)}));
  CHECK_FALSE(none->is_change());
  CHECK(none->lead.value == 0.0);
}

TEST_CASE("a tie that falls the other way is no change, unless the maps are of its classes") {
  const std::vector<Heard> before{dog_before_rain(0.5001, 0.4999)};
  const std::vector<Heard> now{rain_before_dog(0.5001, 0.4999)};
  CHECK_FALSE(compare_predictions(result_of(before), result_of(now))->is_change());
  const auto measured = compare_predictions(result_of(before, true), result_of(now, true));
  CHECK(measured->is_change());
  CHECK(to_string(*measured) ==
        "dog bark 0.50 \u2192 rain 0.50: the score measures another class from 0.00 s to 0.40 s");
}

TEST_CASE("a class that is not listed is at most as probable as the last one that is") {
  const std::vector<Heard> before{dog_before_rain(0.9, 0.05)};
  const std::vector<Heard> now{{{2, "sea waves", 0.9}, {1, "rain", 0.05}}};
  CHECK(*compare_predictions(result_of(before), result_of(now))->lead.value == Approx(0.85));
}

TEST_CASE("results of models without classes, or of other windows, are not compared") {
  const Result one = result_of({dog_before_rain(0.9, 0.1)});
  CHECK_FALSE(compare_predictions(one, result_of({Heard{}})).has_value());
  CHECK_FALSE(
      compare_predictions(one, result_of({dog_before_rain(0.9, 0.1), dog_before_rain(0.9, 0.1)}))
          .has_value());
}

TEST_CASE("the figure of a changed map says first what changed in what is heard, then the cell") {
  Result before = result_of({dog_before_rain(0.9, 0.1)});
  Result now = result_of({rain_before_dog(0.9, 0.1)});
  for (Result* result : {&before, &now}) result->explanation.method.grid.columns = 1;
  test::raise(now.explanation.contrast, 12, 2, 1, 50.0);
  const MapComparison comparison = compare_maps(compared_map(before), compared_map(now), {});
  const Figure figure = comparison_figure(before, now, comparison, "dog");
  CHECK_THAT(figure.subtitle, Catch::StartsWith("dog bark 0.90 \u2192 rain 0.90  ·  "));
  CHECK_THAT(figure.subtitle, Catch::Contains("at 0.00-0.45 s, 1050-1550 Hz"));
  CHECK(figure.panels.back().outline->low_hz == Approx(1050.0));
}
