#include "relax_spectro/results/result_reader.hpp"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/result_file.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/run_model.hpp"
#include "support/signals.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using nlohmann::json;

namespace {

/// The smallest JSON that is a result.
json good_result() {
  return json::parse(R"({
    "format": "relax-spectro result", "format_version": 1,
    "input": {"path": "dog.wav", "sample_rate_hz": 8000, "duration_s": 2.75},
    "windows": [
      {"first_frame_s": 0.5, "last_frame_s": 1.5, "masks": 1024, "noise_to_contrast": 0.3},
      {"first_frame_s": 1.5, "last_frame_s": 2.5, "masks": 512, "noise_to_contrast": null}
    ]})");
}

ResultSummary read(const json& result) {
  const test::TemporaryFolder folder;
  write_text_file(folder / "result.json", result.dump(), Overwrite::no);
  return read_result_summary(folder / "result.json");
}

/// The good result with one field replaced. `place` is a JSON pointer.
json with(const std::string& place, const json& value) {
  json result = good_result();
  result[json::json_pointer(place)] = value;
  return result;
}

json without(const std::string& place, const std::string& field) {
  json result = good_result();
  result[json::json_pointer(place)].erase(field);
  return result;
}

}  // namespace

TEST_CASE("a result that was written is read as it was") {
  const test::TemporaryFolder folder;
  test::RectangleModel model({4, 8, 5, 10});
  ExplainOptions options;
  options.masks.count = 64;
  options.masks.grid = {4, 5};
  options.masks.family = MaskFamily::rise;
  options.estimator = Estimator::mask_sum;
  const Explanation explanation = test::explain_with(model, test::noise(0.35, 8000), options);
  Provenance provenance;
  provenance.input.path = "gull \xff.wav";
  provenance.input_sample_rate_hz = 8000;
  provenance.input_duration_s = 0.35;
  // A card may be nested as deep as any is read, and stands in the result two levels down.
  ModelCard card = model.card();
  card.notes_json = std::string(64, '[') + std::string(64, ']');
  REQUIRE_NOTHROW(parse_model_card(to_json(card), "card"));
  write_result(folder / "gull", explanation, options, card, provenance, Overwrite::no);

  const ResultSummary summary = read_result_summary(folder / "gull.json");
  CHECK(summary.input_path == "gull \uFFFD.wav");
  CHECK(summary.input_sample_rate_hz == 8000);
  CHECK(summary.input_duration_s == 0.35);
  REQUIRE(summary.windows.size() == explanation.windows.size());
  REQUIRE(summary.windows.size() > 1);
  for (std::size_t w = 0; w < summary.windows.size(); ++w) {
    const WindowSummary& written = explanation.windows[w];
    CHECK(summary.windows[w].masks == 64);
    CHECK(summary.windows[w].noise_to_contrast == written.noise_to_contrast);
    CHECK(summary.windows[w].first_frame_s == explanation.spectrogram.time_s[written.frames.begin]);
  }
}

TEST_CASE("windows that are not above their noise have no ratio") {
  const ResultSummary summary = read(good_result());
  REQUIRE(summary.windows.size() == 2);
  CHECK(summary.windows[0].noise_to_contrast == 0.3);
  CHECK_FALSE(summary.windows[1].noise_to_contrast.has_value());
}

TEST_CASE("fields that a later tool of the same format version adds do no harm") {
  CHECK_NOTHROW(read(with("/added", {{"later", true}})));
}

TEST_CASE("files that are not results are refused with what they are") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(read_result_summary(folder / "missing.json"), Catch::Contains("no such file"));
  write_text_file(folder / "cut.json", good_result().dump().substr(0, 100), Overwrite::no);
  CHECK_THROWS_AS(read_result_summary(folder / "cut.json"), IoError);
  CHECK_THROWS_WITH(
      read_result_summary(folder / "cut.json"),
      Catch::Contains("cut.json: not JSON") && Catch::Contains("expected the .json of a result"));
  CHECK_THROWS_AS(read(without("", "format")), IoError);
  CHECK_THROWS_WITH(read(without("", "format")), Catch::Contains("result.json: format is missing"));
  CHECK_THROWS_WITH(read(with("/format", "relax-spectro embeddings")),
                    Catch::Contains("format is 'relax-spectro embeddings', expected "
                                    "'relax-spectro result'"));
  CHECK_THROWS_WITH(read(json::array({1, 2})),
                    Catch::Contains("the file is [1,2], expected an object"));
}

TEST_CASE("a result of a newer format is refused before its fields are looked at") {
  json newer = with("/format_version", 2);
  newer.erase("windows");
  CHECK_THROWS_WITH(read(newer), Catch::Contains("format_version is 2; this version reads 1"));
  CHECK_THROWS_WITH(read(with("/format_version", 0)), Catch::Contains("format_version is 0"));
  CHECK_THROWS_WITH(read(with("/format_version", "1")),
                    Catch::Contains("format_version is \"1\", expected a whole number"));
}

TEST_CASE("a damaged result is refused with the field and where to read about it") {
  const auto refusal = [](const json& result, const std::string& expected) {
    CHECK_THROWS_AS(read(result), IoError);
    CHECK_THROWS_WITH(read(result), Catch::Contains("result.json: " + expected) &&
                                        Catch::Contains("data/FORMAT.md"));
  };
  refusal(without("", "windows"), "windows is missing");
  refusal(with("/windows", json::array()), "windows is empty");
  refusal(with("/windows", 3), "windows is 3, expected a list");
  refusal(with("/windows/1", 5), "windows[1] is 5, expected an object");
  refusal(without("/windows/1", "masks"), "windows[1].masks is missing");
  refusal(with("/windows/0/masks", 0), "windows[0].masks is 0");
  refusal(with("/windows/0/masks", -3), "windows[0].masks is -3, expected a whole number");
  refusal(with("/windows/0/masks", 10.5), "windows[0].masks is 10.5");
  refusal(without("/windows/0", "noise_to_contrast"), "windows[0].noise_to_contrast is missing");
  refusal(with("/windows/0/noise_to_contrast", "0.3"),
          "windows[0].noise_to_contrast is \"0.3\", expected a number");
  refusal(with("/windows/0/noise_to_contrast", -0.1), "windows[0].noise_to_contrast is -0.1");
  refusal(with("/input", "dog.wav"), "input is \"dog.wav\", expected an object");
}
