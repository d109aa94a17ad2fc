#include "relax_spectro/model/model_card.hpp"

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/zip_file.hpp"

using namespace relax_spectro;
using nlohmann::json;

namespace {

json minimal_card() {
  return json::parse(R"({
    "card_version": 1, "name": "test",
    "front_end": {"sample_rate_hz": 16000, "window_samples": 400, "fft_samples": 512,
                  "hop_samples": 160, "bands": 64, "low_hz": 125, "high_hz": 7500,
                  "log": {"offset": 0.01}},
    "input": {"axes": ["batch", "time", "frequency"], "window_frames": 96},
    "outputs": {"embedding": {}}
  })");
}

std::string error_of(const json& card) {
  try {
    static_cast<void>(parse_model_card(card.dump(), "x.json"));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a minimal card takes the documented defaults") {
  const ModelCard card = parse_model_card(minimal_card().dump(), "x.json");
  CHECK(card.front_end.window == WindowShape::hann_periodic);
  CHECK(card.front_end.padding == Padding::reflect);
  CHECK(card.front_end.spectrum == SpectrumKind::power);
  CHECK(card.input.hop_frames == 96);
  CHECK(card.embedding->method == "forward");
  CHECK(card.embedding->position == 0);
  CHECK_FALSE(card.class_scores.has_value());
}

TEST_CASE("a card is the same after writing and reading") {
  json full = minimal_card();
  full["outputs"]["class_scores"] = {
      {"method", "classify"}, {"key", "logits"}, {"activation", "sigmoid"}, {"temperature", 1.5}};
  full["labels"] = {"a", "b"};
  full["notes"] = {{"accuracy", 0.9}};
  full["sha256"] = std::string(64, 'a');
  full["front_end"]["pre_emphasis"] = 0.97;
  const ModelCard card = parse_model_card(full.dump(), "x.json");
  const std::string text = to_json(card);
  CHECK(to_json(parse_model_card(text, "again")) == text);
  CHECK(json::parse(text)["outputs"]["class_scores"]["key"] == "logits");
  CHECK(json::parse(text)["front_end"]["pre_emphasis"] == 0.97);
}

TEST_CASE("every mistake in a card is named with its file and field") {
  json card = minimal_card();
  card["front_end"]["hop_sample"] = 3;
  CHECK_THAT(error_of(card), Catch::Contains("x.json: front_end.hop_sample is not a known field"));
  card = minimal_card();
  card["front_end"].erase("bands");
  CHECK_THAT(error_of(card), Catch::Contains("x.json: front_end.bands is missing"));
  card = minimal_card();
  card["front_end"]["bands"] = "many";
  CHECK_THAT(error_of(card),
             Catch::Contains("front_end.bands is \"many\", expected a whole number"));
  card = minimal_card();
  card["front_end"]["window"] = "hamming";
  CHECK_THAT(error_of(card), Catch::Contains("x.json: front_end.window 'hamming' is not known; "
                                             "it is one of: hann_periodic, hann_symmetric"));
  card = minimal_card();
  card["front_end"]["high_hz"] = 9000;
  CHECK_THAT(error_of(card), Catch::Contains("x.json: front_end.high_hz is 9000"));
  card = minimal_card();
  card["input"]["axes"] = {"time", "frequency"};
  CHECK_THAT(error_of(card), Catch::Contains("input.axes"));
  card = minimal_card();
  card["input"]["channels"] = 17;
  CHECK_THAT(error_of(card), Catch::Contains("input.channels is 17; expected 1 to 16"));
  card["input"]["channels"] = 3;  // axes: batch, time, frequency
  CHECK_THAT(error_of(card), Catch::Contains("input.channels is 3, but input.axes has no channel"));
  card = minimal_card();
  card["input"]["hop_frames"] = 97;
  CHECK_THAT(error_of(card), Catch::Contains("hop_frames is 97; expected 1 to window_frames (96)"));
  card = minimal_card();
  card["outputs"] = json::object();
  CHECK_THAT(error_of(card), Catch::Contains("outputs is empty"));
  card = minimal_card();
  card["card_version"] = 2;
  CHECK_THAT(error_of(card), Catch::Contains("card_version is 2; this version reads 1"));
  card = minimal_card();
  card["sha256"] = "ABC";
  CHECK_THAT(error_of(card), Catch::Contains("64 lower-case hexadecimal"));
  CHECK_THAT(error_of(json::array()), Catch::Contains("expected an object"));
  CHECK_THROWS_WITH(parse_model_card("{", "x.json"), Catch::Contains("x.json: not JSON"));
}

TEST_CASE(
    "the card of a network that takes the waveform is short, and complete once it is loaded") {
  json card = minimal_card();
  card["front_end"] = {{"sample_rate_hz", 32000}};
  card["input"] = {{"axes", {"batch", "channel", "samples"}}, {"window_samples", 160000}};
  const ModelCard brief = parse_model_card(card.dump(), "x.json");
  CHECK(brief.input.takes_waveform());
  CHECK(!brief.has_axes());
  CHECK(brief.input.hop_samples == 160000);
  CHECK(to_json(parse_model_card(to_json(brief), "again")) == to_json(brief));

  card["input"]["hop_samples"] = 160001;
  CHECK_THAT(error_of(card),
             Catch::Contains("hop_samples is 160001; expected 1 to window_samples"));
  card["input"]["hop_samples"] = 80000;
  card["input"]["variable_length"] = true;
  CHECK_THAT(error_of(card), Catch::Contains("input.variable_length is not a known field"));
  card["input"].erase("variable_length");
  card["front_end"]["bands"] = 64;
  CHECK_THAT(error_of(card), Catch::Contains("front_end.bands is not a known field"));
  card["front_end"].erase("bands");
  card["front_end"]["frequency_hz"] = {100.0, 300.0, 200.0};
  CHECK_THAT(error_of(card), Catch::Contains("is missing"));
  card["front_end"].update({{"window_samples", 1024},
                            {"hop_samples", 320},
                            {"first_frame_s", 0.0},
                            {"low_hz", 50.0},
                            {"high_hz", 400.0}});
  card["input"].update({{"window_frames", 501}, {"hop_frames", 250}});
  CHECK_THAT(error_of(card),
             Catch::Contains("front_end.frequency_hz: expected the centre of each"));
  card["front_end"]["frequency_hz"] = {100.0, 200.0, 300.0};
  CHECK(parse_model_card(card.dump(), "x.json").has_axes());
}

TEST_CASE("a model without a card is refused with a card to write, which is itself valid") {
  const test::TemporaryFolder folder;
  test::write_zip(folder / "net.pt", {"net/data.pkl", "net/code/net.py", "net/constants.pkl"});
  try {
    static_cast<void>(read_model_card(folder / "net.pt"));
    FAIL("no error");
  } catch (const ModelError& error) {
    const std::string message = error.what();
    CHECK_THAT(message, Catch::Contains("net.json"));
    const ModelCard shown = parse_model_card(message.substr(message.find('{')), "shown");
    CHECK(shown.front_end.bands == 128);
  }
}

TEST_CASE("the card beside a model is read") {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "net.pt") << "whatever";
  std::ofstream(folder / "net.json") << minimal_card().dump();
  CHECK(read_model_card(folder / "net.pt").name == "test");
  CHECK(read_model_card(folder / "net.json").name == "test");
  CHECK_THROWS_AS(read_model_card(folder / "missing.pt"), IoError);
}
