#include <cmath>
#include <string>
#include <vector>

#include "files/npz.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "results/flip_result.hpp"
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

FlipResult made() {
  FlipResult result;
  result.options.fill = parse_fill("silence");
  result.source.result = {"a.json", "ab12"};
  result.source.map = "importance";
  result.source.command_line = "relax-spectro flip";
  result.flipping = flipping();
  return result;
}

}  // namespace

TEST_CASE("a flipping that was written is read as it was, and written again as it was") {
  const test::TemporaryFolder folder;
  write_flip(folder / "a.flip", made(), Overwrite::no);
  FlipResult read = read_flip(folder / "a.flip.json");
  CHECK(read.flipping.curve("random").mean_auc() == Approx(0.5625));
  CHECK(read.flipping.gains->beats_loudness());
  read_curves(folder / "a.flip.json", read.flipping);
  CHECK(read.flipping.curve("random").scores(1, 1) == 0.75);
  write_flip(folder / "again", read, Overwrite::no);
  CHECK(read_text_file(folder / "again.json") == read_text_file(folder / "a.flip.json"));
  CHECK(read_text_file(folder / "again.npz") == read_text_file(folder / "a.flip.npz"));
}

TEST_CASE("a flipping differs in its options, and where its result was made anew") {
  using Texts = std::vector<std::string>;
  FlipResult now = made();
  now.source.seconds = 7.0;
  CHECK(differences(made(), now) == Texts{});
  now.options.steps = 10;
  CHECK(differences(made(), now) == Texts{"options.steps is 20, now 10"});
  now.source.result.sha256 = "cd34";
  CHECK(differences(made(), now).size() == 2);
}

TEST_CASE("a flipping whose arrays do not fit is refused by name") {
  const test::TemporaryFolder folder;
  write_flip(folder / "a.flip", made(), Overwrite::no);
  const auto read = [&] {
    FlipResult result = read_flip(folder / "a.flip.json");
    read_curves(folder / "a.flip.json", result.flipping);
  };
  const std::vector<double> steps{0.0, 1.0};
  const auto with_morf = [&](std::size_t count, double value) {
    const std::vector<double> morf(count, value);
    NpzWriter writer;
    writer.add("fraction", {steps.size()}, std::span<const double>(steps));
    writer.add("morf", {count}, std::span<const double>(morf));
    writer.write(folder / "a.flip.npz");
  };
  with_morf(3, 0.0);
  CHECK_THROWS_WITH(read(), Catch::Contains("a.flip.npz: morf has shape (3)"));
  with_morf(2, NAN);
  CHECK_THROWS_WITH(read(), Catch::Contains("not finite"));
  with_morf(2, 0.5);
  CHECK_THROWS_WITH(read(), Catch::Contains("no array lerf"));
  std::filesystem::remove(folder / "a.flip.npz");
  CHECK_THROWS_AS(read(), IoError);
}
