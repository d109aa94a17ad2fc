#include <cmath>
#include <nlohmann/json.hpp>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/npz.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/results/flip_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

Array2d<double> scores(std::size_t orders, std::vector<double> values) {
  Array2d<double> array;
  array.rows = orders;
  array.columns = values.size() / orders;
  array.values = std::move(values);
  return array;
}

Flipping flipping() {
  Flipping made;
  made.fraction = {0.0, 0.5, 1.0};
  made.curves = {{"morf", scores(1, {1.0, 0.25, 0.0}), {0.375}},
                 {"lerf", scores(1, {1.0, 0.75, 0.0}), {0.625}},
                 {"amplitude", scores(1, {1.0, 0.5, 0.0}), {0.5}},
                 {"random", scores(2, {1.0, 0.5, 0.0, 1.0, 0.75, 0.0}), {0.5, 0.625}}};
  made.gains = FlipGains{0.25, 0.1875, 0.0625, 2, 2, 0.125, 0.0};
  made.step_size = 3;
  made.engine.warnings = {"slow"};
  return made;
}

void write(const std::filesystem::path& stem) {
  FlipOptions options;
  options.fill = parse_fill("silence");
  options.score = parse_score("cosine");
  write_flipping(stem, flipping(), options,
                 {"relax-spectro flip", {"a.json", "ab12"}, "importance", {}, {}, "test", 1.5},
                 Overwrite::no);
}

}  // namespace

TEST_CASE("a flipping that was written is read as it was") {
  const test::TemporaryFolder folder;
  write(folder / "a.flip");
  const StoredFlipping read = read_flipping(folder / "a.flip.json");
  CHECK(read.fraction == std::vector{0.0, 0.5, 1.0});
  REQUIRE(read.curves.size() == 4);
  CHECK(read.curves[0].name == "morf");
  CHECK(read.curves[0].scores.values == std::vector{1.0, 0.25, 0.0});
  CHECK(read.curves[3].name == "random");
  CHECK(read.curves[3].scores.rows == 2);
  CHECK(read.curves[3].scores(1, 1) == 0.75);
  CHECK(read.curves[3].mean_auc == Approx(0.5625));
  CHECK(read.summary.beats_loudness);
  CHECK(read.summary.gains->over_random == 0.1875);
  CHECK(read.verdict.starts_with("beats loudness by 0.125"));
  CHECK(read.score == "cosine");
  CHECK(read.unit == "cells");
  CHECK(read.result_sha256 == "ab12");
  CHECK(read.command_line == "relax-spectro flip");
  CHECK(nlohmann::json::parse(read.options_json).at("fill") == "silence");
  CHECK(read.warnings == std::vector<std::string>{"slow"});
}

TEST_CASE("a flipping whose arrays do not fit is refused by name") {
  const test::TemporaryFolder folder;
  write(folder / "a.flip");
  const std::vector<double> steps{0.0, 1.0};
  const auto with_morf = [&](std::size_t count, double value) {
    const std::vector<double> morf(count, value);
    NpzWriter writer;
    writer.add("fraction", {steps.size()}, std::span<const double>(steps));
    writer.add("morf", {count}, std::span<const double>(morf));
    writer.write(folder / "a.flip.npz");
  };
  with_morf(3, 0.0);
  CHECK_THROWS_WITH(read_flipping(folder / "a.flip.json"),
                    Catch::Contains("a.flip.npz: morf has shape (3)"));
  with_morf(2, NAN);
  CHECK_THROWS_WITH(read_flipping(folder / "a.flip.json"), Catch::Contains("not finite"));
  with_morf(2, 0.5);
  CHECK_THROWS_WITH(read_flipping(folder / "a.flip.json"), Catch::Contains("no array lerf"));
  std::filesystem::remove(folder / "a.flip.npz");
  CHECK_THROWS_AS(read_flipping(folder / "a.flip.json"), IoError);
}
