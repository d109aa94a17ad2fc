#include "check/result_check.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "results/flip_result.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
namespace fs = std::filesystem;

namespace {

constexpr test::Rectangle kLeft{4, 8, 2, 8};
constexpr test::Rectangle kRight{9, 14, 12, 18};

/// Writes the result of a model that reacts to one rectangle.
void write(const fs::path& stem, std::uint64_t seed, test::Rectangle rectangle = kLeft,
           std::size_t masks = 512, double duration_s = 0.3) {
  test::RectangleModel model(rectangle);
  Result result;
  result.options = test::quick_options(masks);
  result.options.masks.seed = seed;
  result.options.masks.seed_by = seed == 0 ? SeedBy::recording : SeedBy::run;
  result.explanation = test::explain_with(model, test::noise(duration_s, 8000), result.options);
  result.provenance.input = {"noise.wav", std::string(64, 'a')};
  result.card = model.card();
  write_result(stem, result, Overwrite::yes);
}

CheckedResult check(const fs::path& baseline, const fs::path& current,
                    const CheckOptions& options = {}) {
  return check_pair({"noise", baseline, current}, options, 1);
}

void write_flip(const fs::path& json_path, double morf, double lerf, const std::string& sha256 = "",
                const std::string& fill = "zero") {
  FlipResult flip;
  flip.source.result.sha256 = sha256.empty() ? sha256_of_file(json_path) : sha256;
  flip.options.fill = parse_fill(fill);
  static std::uint64_t seed = 0;  // constant, because another seed is another option
  flip.options.seed = flip.options.fill_seed = seed++;
  flip.flipping.fraction = {0.0, 1.0};
  flip.flipping.curves = {{"morf", Array2d<double>(1, 2), {morf}},
                          {"lerf", Array2d<double>(1, 2), {lerf}}};
  fs::path stem = json_path;
  relax_spectro::write_flip(stem.replace_extension(".flip"), flip, Overwrite::yes);
}

}  // namespace

TEST_CASE("results are paired by their names, in folders of folders too") {
  const test::TemporaryFolder folder;
  write(folder / "a/night/dog", 0);
  write(folder / "b/night/dog", 1);
  write(folder / "a/gone", 0);
  write(folder / "b/added", 0);
  write_text_file(folder / "a/summary.json", R"({"format": "another"})", Overwrite::no);
  write_text_file(folder / "a/list.json", "[1]", Overwrite::no);
  const std::vector<ResultPair> pairs = pair_results(folder / "a", folder / "b");
  REQUIRE(pairs.size() == 3);
  CHECK(pairs[0].name == "added");
  CHECK_FALSE(pairs[0].baseline.has_value());
  CHECK(pairs[1].name == "gone");
  CHECK_FALSE(pairs[1].current.has_value());
  CHECK(pairs[2].name == "night/dog");
  CHECK(*pairs[2].current == folder / "b/night/dog.json");
  CHECK(check_pair(pairs[0], {}, 3).status == CheckStatus::added);
  CHECK(check_pair(pairs[1], {}, 3).status == CheckStatus::missing);
  CHECK(check_pair(pairs[2], {}, 3).status == CheckStatus::same);
}

TEST_CASE("folders that are not there, hold nothing, or are compared with a file are refused") {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "empty");
  write(folder / "a/dog", 0);
  CHECK_THROWS_WITH(pair_results(folder / "missing", folder / "a"),
                    Catch::Contains("missing: no such file or folder"));
  CHECK_THROWS_WITH(pair_results(folder / "empty", folder / "empty"),
                    Catch::Contains("hold no result"));
  CHECK_THROWS_AS(pair_results(folder / "a", folder / "a/dog.json"), ConfigError);
}

TEST_CASE("another seed of a model passes, another model does not") {
  const test::TemporaryFolder folder;
  write(folder / "a", 0);
  write(folder / "b", 1);
  write(folder / "c", 0, kRight);
  const CheckedResult seed = check(folder / "a.json", folder / "b.json");
  CHECK(seed.status == CheckStatus::same);
  CHECK(*seed.map->standard_errors.value > 0.0);
  const CheckedResult model = check(folder / "a.json", folder / "c.json");
  CHECK(model.status == CheckStatus::changed);
  CHECK_FALSE(model.reasons.empty());
  CHECK(*model.map->correlation.value < 0.5);
}

TEST_CASE("results of other options differ, and are compared only when told to") {
  const test::TemporaryFolder folder;
  write(folder / "a", 0);
  write(folder / "b", 1, kLeft, 256);
  CheckOptions options;
  const CheckedResult strict = check(folder / "a.json", folder / "b.json", options);
  CHECK(strict.status == CheckStatus::other);
  CHECK(strict.reasons == std::vector<std::string>{"options.masks.count is 512, now 256"});
  options.ignore_options = true;
  const CheckedResult lenient = check(folder / "a.json", folder / "b.json", options);
  CHECK(lenient.status == CheckStatus::same);
  CHECK(lenient.notes == strict.reasons);
}

TEST_CASE("results of too few masks for standard errors are judged without, and it is said") {
  const test::TemporaryFolder folder;
  write(folder / "a", 0, kLeft, 10);
  write(folder / "b", 1, kLeft, 10);
  const CheckedResult checked = check(folder / "a.json", folder / "b.json");
  CHECK(checked.status == CheckStatus::changed);
  REQUIRE(checked.notes.size() == 2);
  CHECK_THAT(checked.notes[0], Catch::Contains("the baseline's map has too few masks"));
}

TEST_CASE("results of different shapes differ, whatever one is told") {
  const test::TemporaryFolder folder;
  write(folder / "a", 0);
  write(folder / "b", 0, kLeft, 512, 0.5);
  CheckOptions options;
  options.ignore_options = true;
  const CheckedResult checked = check(folder / "a.json", folder / "b.json", options);
  CHECK(checked.status == CheckStatus::other);
  REQUIRE(checked.reasons.size() == 2);
  CHECK_THAT(checked.reasons[0], Catch::StartsWith("windows is \"0-20 18-38\", now "));
  CHECK_THAT(checked.reasons[1], Catch::StartsWith("shape was 16x38, is 16x63"));
}

TEST_CASE("a damaged result is unreadable, and said") {
  const test::TemporaryFolder folder;
  write(folder / "a", 0);
  write(folder / "b", 0);
  fs::resize_file(folder / "b.npz", 100);
  const CheckedResult arrays = check(folder / "a.json", folder / "b.json");
  CHECK(arrays.status == CheckStatus::unreadable);
  CHECK_THAT(arrays.reasons.at(0), Catch::Contains("b.npz"));
  fs::resize_file(folder / "b.json", 100);
  CHECK(check(folder / "a.json", folder / "b.json").status == CheckStatus::unreadable);
  write(folder / "x/b", 0);
  fs::copy_file(folder / "b.json", folder / "x/b.json", fs::copy_options::overwrite_existing);
  const auto pairs = pair_results(folder / "x", folder / "x");
  REQUIRE(pairs.size() == 1);
  CHECK(check_pair(pairs[0], {}, 1).status == CheckStatus::unreadable);
}

TEST_CASE("faithfulness is compared where both results were tested alike") {
  const test::TemporaryFolder folder;
  const fs::path a = folder / "a.json";
  const fs::path b = folder / "b.json";
  write(folder / "a", 0);
  write(folder / "b", 1);
  CHECK_FALSE(check(a, b).flip.has_value());
  write_flip(a, 0.3, 0.7);
  CHECK_FALSE(check(a, b).flip.has_value());
  write_flip(b, 0.3, 0.68);
  CHECK(*check(a, b).flip->value == Approx(-0.02));
  CHECK(check(a, b).status == CheckStatus::same);
  CheckOptions strict;
  strict.most_flip_change = 0.01;
  CHECK(check(a, b, strict).status == CheckStatus::changed);
  write_flip(b, 0.5, 0.5);
  CHECK(check(a, b).status == CheckStatus::changed);
  CHECK_THAT(check(a, b).reasons.at(0), Catch::Contains("faithfulness changed by -0.4"));
  write_flip(b, 0.5, 0.5, "", "mean");
  CHECK(check(a, b).status == CheckStatus::same);
  CHECK_THAT(check(a, b).notes.at(0), Catch::Contains("other options"));
  write_flip(b, 0.5, 0.5, "of an earlier result");
  CHECK_THAT(check(a, b).notes.at(0), Catch::Contains("b.flip.json is of another result"));
}

TEST_CASE("a result that is accepted takes the place of the baseline's, with its test") {
  const test::TemporaryFolder folder;
  write(folder / "base/dog", 0);
  write(folder / "now/dog", 0, kRight);
  write_flip(folder / "now/dog.json", 0.3, 0.7);
  write(folder / "now/new/owl", 0);
  const auto pairs = pair_results(folder / "base", folder / "now");
  REQUIRE(pairs.size() == 2);
  CHECK(accept_result(pairs[0], folder / "base") ==
        std::vector<fs::path>{folder / "base/dog.npz", folder / "base/dog.flip.npz",
                              folder / "base/dog.flip.json", folder / "base/dog.json"});
  CHECK(accept_result(pairs[1], folder / "base").size() == 2);
  for (const ResultPair& pair : pair_results(folder / "base", folder / "now")) {
    REQUIRE(pair.baseline.has_value());
    CHECK(read_text_file(*pair.baseline) == read_text_file(*pair.current));
    CHECK(*check_pair(pair, {}, 1).map->standard_errors.value == 0.0);
  }
}

TEST_CASE("limits outside their range are refused by the name of their option") {
  CheckOptions options;
  options.most_flip_change = -1.0;
  CHECK_THROWS_WITH(check_pair({"dog", {}, {}}, options, 1),
                    "--max-flip-change is -1; expected 0 or more");
}
