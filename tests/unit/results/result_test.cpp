#include "relax_spectro/results/result.hpp"

#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "files/npz.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using nlohmann::json;

namespace {

json good_json() {
  const test::TemporaryFolder folder;
  write_result(folder / "good", test::explained_noise(test::quick_options()), Overwrite::no);
  return json::parse(read_text_file(folder / "good.json"));
}

Result read(const json& result) {
  const test::TemporaryFolder folder;
  write_text_file(folder / "result.json", result.dump(), Overwrite::no);
  return read_result(folder / "result.json");
}

/// A valid result with one field replaced. `place` is a JSON pointer.
json with(const std::string& place, const json& value) {
  json result = good_json();
  result[json::json_pointer(place)] = value;
  return result;
}

json without(const std::string& place, const std::string& field) {
  json result = good_json();
  result[json::json_pointer(place)].erase(field);
  return result;
}

}  // namespace

TEST_CASE("a result that was written is read as it was, and written again as it was") {
  const test::TemporaryFolder folder;
  ExplainOptions options = test::quick_options();
  options.masks.family = MaskFamily::rise;
  options.estimator = Estimator::mask_sum;
  options.repeat = RepeatOptions{4, ThresholdKind::otsu};
  Result written = test::explained_noise(options);
  written.provenance.audio = {2, false, 0.5, {}};
  written.provenance.reference = SourceFile{"owl.wav", std::string(64, 'c')};
  written.explanation.windows[0].heard = {{3, "gull", 0.75}, {1, "", {}}};
  // The deepest card that can be read, which is two levels down in the result.
  written.card.notes_json = std::string(64, '[') + std::string(64, ']');
  REQUIRE_NOTHROW(parse_model_card(to_json(written.card), "card"));
  round_maps(written.explanation);
  write_result(folder / "a.b", written, Overwrite::no);

  Result result = read_result(folder / "a.b.json");
  CHECK(result.explanation.windows.size() == written.explanation.windows.size());
  CHECK(result.explanation.windows[0].heard[0].label == "gull");
  CHECK(result.explanation.windows[0].first_frame_s == written.explanation.spectrogram.time_s[0]);
  CHECK(result.options.masks.recording == written.provenance.input.sha256);
  read_arrays(folder / "a.b.json",
              {"importance", "contrast", "uncertainty", "standard_error", "u_relax", "spectrogram",
               "repeat", "sizes"},
              result.explanation);
  result.explanation.scores = written.explanation.scores;
  write_result(folder / "again", result, Overwrite::no);
  CHECK(read_text_file(folder / "again.json") == read_text_file(folder / "a.b.json"));
  CHECK(read_text_file(folder / "again.npz") == read_text_file(folder / "a.b.npz"));
  CHECK(read_map(folder / "a.b.json", "u_relax").values == written.explanation.u_relax.values);
}

TEST_CASE("a name that is no UTF-8 does not lose a result") {
  const test::TemporaryFolder folder;
  Result result = test::explained_noise(test::quick_options());
  result.provenance.input.path = "gull \xff.wav";
  write_result(folder / "gull", result, Overwrite::no);
  CHECK(read_result(folder / "gull.json").provenance.input.path == "gull \uFFFD.wav");
}

TEST_CASE("fields that a later tool of the same format version adds do no harm") {
  CHECK_NOTHROW(read(with("/added", {{"later", true}})));
}

TEST_CASE("files that are not results are refused with what they are") {
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(read_result(folder / "missing.json"), Catch::Contains("no such file"));
  write_text_file(folder / "cut.json", good_json().dump().substr(0, 100), Overwrite::no);
  CHECK_THROWS_AS(read_result(folder / "cut.json"), IoError);
  CHECK_THROWS_WITH(
      read_result(folder / "cut.json"),
      Catch::Contains("cut.json: not JSON") && Catch::Contains("expected the .json of a result"));
  CHECK_THROWS_WITH(read(without("", "format")), Catch::Contains("result.json: format is missing"));
  CHECK_THROWS_WITH(read(with("/format", "relax-spectro embeddings")),
                    Catch::Contains("format is 'relax-spectro embeddings', "
                                    "expected 'relax-spectro result'"));
  CHECK_THROWS_WITH(read(json::array({1, 2})),
                    Catch::Contains("the file is [1,2], expected an object"));
}

TEST_CASE("a result of another format version is refused before its fields are looked at") {
  json newer = with("/format_version", 3);
  newer.erase("windows");
  CHECK_THROWS_WITH(read(newer), Catch::Contains("format_version is 3; this version reads 2"));
  CHECK_THROWS_WITH(read(with("/format_version", 1)), Catch::Contains("or make it again"));
  CHECK_THROWS_WITH(read(with("/format_version", "2")),
                    Catch::Contains("format_version is \"2\", expected a whole number"));
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
  refusal(with("/windows/0/masks", 0), "a window's masks is 0");
  refusal(with("/windows/0/masks", -3), "windows[0].masks is -3, expected a whole number");
  refusal(with("/windows/0/masks", 10.5), "windows[0].masks is 10.5");
  refusal(with("/windows/1/frames", 0), "a window's frames is 0");
  refusal(without("/windows/0", "noise_to_contrast"), "windows[0].noise_to_contrast is missing");
  refusal(with("/windows/0/noise_to_contrast", "0.3"),
          "windows[0].noise_to_contrast is \"0.3\", expected a number");
  refusal(with("/windows/0/noise_to_contrast", -0.1), "a window's noise_to_contrast is -0.1");
  refusal(with("/input", "dog.wav"), "input is \"dog.wav\", expected an object");
  refusal(with("/options/masks/grid", "7"), "options.masks.grid cannot be used");
  refusal(with("/method/grid/time", 0), "method.grid has no cells");
}

TEST_CASE("arrays that are missing or do not fit are refused by name") {
  const test::TemporaryFolder folder;
  const std::vector<double> two{1.0, 2.0};
  const std::vector<double> six(6, 0.5);
  const auto refused = [&](const std::function<void(NpzWriter&)>& add,
                           const std::string& expected) {
    NpzWriter writer;
    add(writer);
    writer.write(folder / "result.npz");
    Explanation explanation;
    CHECK_THROWS_AS(read_arrays(folder / "result.json", {"contrast"}, explanation), IoError);
    CHECK_THROWS_WITH(read_map(folder / "result.json", "contrast"),
                      Catch::Contains("result.npz: " + expected));
  };
  const auto axes = [&](NpzWriter& writer, std::span<const double> time_s) {
    writer.add("time_s", {time_s.size()}, time_s);
    writer.add("frequency_hz", {2}, std::span<const double>(two));
  };
  CHECK_THROWS_WITH(read_map(folder / "none.json", "contrast"),
                    Catch::Contains("none.npz: no such file"));
  refused([&](NpzWriter& writer) { writer.add("time_s", {2}, std::span<const double>(two)); },
          "holds no array frequency_hz; expected the .npz of a result");
  refused([&](NpzWriter& writer) { axes(writer, two); }, "holds no array contrast");
  refused(
      [&](NpzWriter& writer) {
        axes(writer, two);
        writer.add("contrast", {2, 3}, std::span<const double>(six));
      },
      "contrast has shape (2, 3), expected (2, 2), the shape of the axes");
  refused(
      [&](NpzWriter& writer) {
        axes(writer, std::vector{2.0, 1.0});
      },
      "time_s is not ascending");
  refused(
      [&](NpzWriter& writer) {
        writer.add("time_s", {2, 3}, std::span<const double>(six));
        writer.add("frequency_hz", {2}, std::span<const double>(two));
      },
      "time_s has shape (2, 3), expected (n,)");
}

TEST_CASE("windows beyond the arrays are refused") {
  const test::TemporaryFolder folder;
  write_result(folder / "good", test::explained_noise(test::quick_options()), Overwrite::no);
  Result result = read_result(folder / "good.json");
  result.explanation.windows[0].frames.begin = SIZE_MAX;
  CHECK_THROWS_WITH(read_arrays(folder / "good.json", {"contrast"}, result.explanation),
                    Catch::Contains("good.npz: has ") && Catch::Contains(" frames, but its JSON"));
}
