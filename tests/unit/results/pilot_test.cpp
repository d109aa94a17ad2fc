#include "relax_spectro/results/pilot.hpp"

#include <optional>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

ResultSummary pilot_of(Estimator estimator) {
  ResultSummary pilot;
  pilot.estimator = estimator;
  pilot.windows = {{0.0, 1.0, 1024, 0.3}, {1.0, 2.0, 1024, std::nullopt}, {2.0, 3.0, 2048, 0.15}};
  return pilot;
}

}  // namespace

TEST_CASE("each window of a pilot run has its own forecast, an unresolved one none") {
  const ResultSummary pilot = pilot_of(Estimator::regression);
  CHECK(window_forecast(pilot, pilot.windows[0], 0.15) == 4096U);
  CHECK_FALSE(window_forecast(pilot, pilot.windows[1], 0.15).has_value());
  CHECK(window_forecast(pilot, pilot.windows[2], 0.15) == 2048U);
}

TEST_CASE("of a pilot's windows the largest forecast counts") {
  ResultSummary pilot = pilot_of(Estimator::mask_sum);
  CHECK(largest_forecast(pilot, 0.15) == 4096U);
  CHECK(largest_forecast(pilot, 0.30) == 1024U);
  pilot.windows = {pilot.windows[1]};
  CHECK_FALSE(largest_forecast(pilot, 0.15).has_value());
}

TEST_CASE("of the expected estimator's masks only the half counts that importance is from") {
  const ResultSummary pilot = pilot_of(Estimator::expected);
  CHECK(window_forecast(pilot, pilot.windows[0], 0.15) == 2048U);
  CHECK(largest_forecast(pilot, 0.15) == 2048U);
}

TEST_CASE("a sweep of windows is no pilot: there is no noise in it") {
  const test::TemporaryFolder folder;
  const std::string before = R"({"format": "relax-spectro result", "format_version": 1,
      "input": {"path": "dog.wav", "sample_rate_hz": 8000, "duration_s": 1.0},
      "options": {"estimator": "mask-sum", "masks": {"family": ")";
  const std::string after = R"("}}, "windows": [{"first_frame_s": 0, "last_frame_s": 1,
      "masks": 100, "noise_to_contrast": 0}]})";
  write_text_file(folder / "sweep.json", before + "window" + after, Overwrite::no);
  write_text_file(folder / "time.json", before + "time" + after, Overwrite::no);
  CHECK_THROWS_AS(read_pilot(folder / "sweep.json"), ConfigError);
  CHECK_THROWS_WITH(read_pilot(folder / "sweep.json"),
                    Catch::Contains("sweep.json: options.masks.family is window"));
  CHECK(read_pilot(folder / "time.json").family == MaskFamily::time);
}
