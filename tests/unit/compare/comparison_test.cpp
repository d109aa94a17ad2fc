#include "compare/comparison.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "compare/comparison_text.hpp"
#include "compare/paired_maps.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/results.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kRecordings = 12;
constexpr test::Rectangle kLow{2, 6, 2, 18};
constexpr test::Rectangle kHigh{10, 14, 2, 18};

/// A card with this many bands.
ModelCard card_of(std::size_t bands) {
  ModelCard card = test::small_card();
  card.front_end.bands = bands;
  return card;
}

struct Asked {
  test::Rectangle rectangle = kLow;
  std::uint64_t seed = 0;
  std::string fill = "zero";
  SeedBy seed_by = SeedBy::recording;
  bool reversed_names = false;
  std::size_t bands = 16;
};

/// Writes the results of a model that reacts to one rectangle.
fs::path write_results(const fs::path& folder, const Asked& asked) {
  for (std::size_t i = 0; i < kRecordings; ++i) {
    test::RectangleModel model(asked.rectangle, card_of(asked.bands));
    Result result;
    result.options = test::quick_options(256);
    result.options.masks.seed = asked.seed;
    result.options.masks.seed_by = asked.seed_by;
    result.options.fill = parse_fill(asked.fill);
    result.provenance.input = {fmt::format("{}.wav", i),
                               fmt::format("{:016x}{:048x}", i * 7919 % 101, 0)};
    result.options.masks.recording = result.provenance.input.sha256;
    Audio audio = test::noise(0.4, 8000);
    audio.samples.erase(audio.samples.begin(), audio.samples.begin() + static_cast<long>(40 * i));
    audio.samples.resize(1344);
    result.explanation = test::explain_with(model, audio, result.options);
    result.card = model.card();
    result.provenance.input_sample_rate_hz = 8000;
    result.provenance.input_duration_s = audio.duration_s();
    result.provenance.model = {"net.pt",
                               fmt::format("{}{}", asked.rectangle.row_begin, asked.bands)};
    write_result(folder / fmt::format("{}", asked.reversed_names ? kRecordings - i : i), result,
                 Overwrite::no);
  }
  return folder;
}

ModelComparison compared(const fs::path& a, const fs::path& b) {
  return compare_models(pair_by_recording(a, b, false), nullptr, {});
}

}  // namespace

TEST_CASE("a model of high bands is told from one of low bands") {
  const test::TemporaryFolder folder;
  const fs::path low = write_results(folder / "low", {});
  const fs::path high = write_results(folder / "high", {.rectangle = kHigh});
  const ModelComparison found = compared(low, high);
  REQUIRE(found.profile.size() == 17);
  CHECK(found.units == kRecordings);
  for (const BandDifference& band : found.profile) {
    if (!band.band) continue;
    const double middle = (band.band->low_hz + band.band->high_hz) / 2.0;
    if (middle < 600.0) CHECK(band.tested.t < -5.0);
    if (middle > 2200.0 && middle < 3000.0) CHECK(band.tested.t > 5.0);
  }
  CHECK_THAT(verdict_of(found), Catch::Contains("high listens more than"));
  CHECK_THAT(verdict_of(found), Catch::Contains("low listens more than"));
}

TEST_CASE("exchanging models changes signs, and the names of files change nothing") {
  const test::TemporaryFolder folder;
  const fs::path low = write_results(folder / "low", {});
  const fs::path high = write_results(folder / "high", {.rectangle = kHigh});
  const fs::path renamed =
      write_results(folder / "other", {.rectangle = kHigh, .reversed_names = true});
  const ModelComparison found = compared(low, high);
  const ModelComparison exchanged = compared(high, low);
  const ModelComparison reordered = compared(low, renamed);
  for (std::size_t k = 0; k < found.profile.size(); ++k) {
    const TestedDifference& tested = found.profile[k].tested;
    CHECK(exchanged.profile[k].tested.t == -tested.t);
    CHECK(exchanged.profile[k].tested.p == tested.p);
    CHECK(exchanged.profile[k].tested.difference.interval->low ==
          -tested.difference.interval->high);
    CHECK(exchanged.profile[k].tested.a.value == tested.b.value);
    CHECK(reordered.profile[k].tested.t == tested.t);
    CHECK(reordered.profile[k].tested.p == tested.p);
  }
}

TEST_CASE("models of other axes meet on the coarser ones") {
  const test::TemporaryFolder folder;
  const fs::path coarse = write_results(folder / "coarse", {});
  const fs::path fine = write_results(folder / "fine", {.rectangle = {4, 12, 2, 18}, .bands = 32});
  const PairedResults results = pair_by_recording(coarse, fine, false);
  const PairedMaps maps = read_paired_maps(results.pairs.front(), WithInput::no);
  CHECK(maps.axes.frequency_hz.size() == 16);
  CHECK(maps.b.rows == 16);
  const ModelComparison found = compare_models(results, nullptr, {});
  CHECK(*found.recordings.front().correlation > 0.7);  // the same Hertz
}

TEST_CASE("results that were made differently are refused by name") {
  const test::TemporaryFolder folder;
  const fs::path a = write_results(folder / "a", {});
  const fs::path fill = write_results(folder / "fill", {.fill = "mean"});
  const fs::path run = write_results(folder / "run", {.seed_by = SeedBy::run});
  const fs::path seed = write_results(folder / "seed", {.seed = 1});
  CHECK_THROWS_WITH(pair_by_recording(a, fill, false), Catch::Contains("options.fill is"));
  CHECK_THROWS_WITH(pair_by_recording(a, run, false), Catch::Contains("--seed-by recording"));
  CHECK_THAT(pair_by_recording(a, fill, true).notes.front(), Catch::Contains("options.fill is"));
  CHECK_THAT(pair_by_recording(a, seed, false).notes.back(), Catch::Contains("seeds differ"));
  fs::copy(folder / "a/0.json", folder / "seed/again.json");
  CHECK_THROWS_WITH(pair_by_recording(a, folder / "seed", false),
                    Catch::Contains("results of the same recording"));
}

TEST_CASE(
    "regions where either model listens more are not in one cluster, though they sound alike") {
  std::vector<DifferenceRegion> regions(20);
  for (std::size_t r = 0; r < regions.size(); ++r) {
    regions[r].recording = r;
    regions[r].more_b = r % 2 == 1;
    regions[r].description = {1.0, 0.001 * static_cast<double>(r)};
  }
  const std::vector<RegionCluster> clusters = cluster_regions(regions, 1, 0);
  REQUIRE(clusters.size() == 2);
  for (const RegionCluster& cluster : clusters) {
    CHECK(cluster.regions.size() == 10);
    for (const std::size_t r : cluster.regions) CHECK(regions[r].more_b == cluster.more_b);
  }
}

TEST_CASE("a model listens more only to what its own contrast is above 0 in") {
  ModelComparison found;
  found.results.a.folder = "a";
  found.results.b.folder = "b";
  const auto tested = [](double a, double b) {
    return TestedDifference{
        9,   {a, Interval{a - 0.1, a + 0.1}}, {b, Interval{b - 0.1, b + 0.1}}, {b - a, {}}, b - a,
        0.01};
  };
  found.profile.push_back({"", FrequencyRange{100.0, 200.0}, tested(-0.5, -0.05)});
  found.clusters = {{{}, tested(-0.5, 0.05)}, {{}, tested(0.2, 0.5)}, {{}, tested(-0.2, -0.5)}};
  CHECK_THAT(
      verdict_of(found),
      Catch::StartsWith("b listens more than a to 1 kind of sound. b has more contrast than a, "
                        "but not shown above 0, in 100–200 Hz, and 1 kind of sound. a has more "
                        "contrast than b, but not shown above 0, in 1 kind of sound."));
}

TEST_CASE("means are over sizes, and tests over units") {
  PairedQuantities quantities{Array2d<double>(8, 1), Array2d<double>(8, 1), Array2d<double>(8, 1)};
  for (std::size_t unit = 0; unit < 4; ++unit) {
    quantities.sizes(unit, 0) = 0.01 * static_cast<double>(unit + 1);
    quantities.a(unit, 0) = -2.0 * quantities.sizes(unit, 0);
    quantities.b(unit, 0) = 3.0 * quantities.sizes(unit, 0);
  }
  const TestedDifference tested = test_families(std::vector{quantities}, 0)[0][0];
  CHECK(tested.a.value == Approx(-2.0));
  CHECK(tested.b.interval->low == Approx(3.0));
  CHECK(tested.difference.value == Approx(5.0));
  CHECK(tested.units == 8);
  CHECK(tested.p == Approx(2.0 / 16.0).margin(0.02));  // of 16 flips of four units
}

TEST_CASE("the p values of a family do not depend on how many tests another has") {
  Array2d<double> none(8, 1);
  Array2d<double> some(8, 1);
  Array2d<double> many(8, 40);
  for (std::size_t unit = 0; unit < 8; ++unit) {
    some(unit, 0) = 1.0 + 0.1 * static_cast<double>(unit);
    for (std::size_t k = 0; k < 40; ++k) {
      many(unit, k) = static_cast<double>((unit * 7 + k * 13) % 5) - 2.0;
    }
  }
  const PairedQuantities of_some{none, some};
  const PairedQuantities of_many{Array2d<double>(8, 40), many};
  const PairedQuantities empty{Array2d<double>(8, 0), Array2d<double>(8, 0)};
  // Of 256 flips of eight units, two have as large a |t|: none is turned, or all are.
  CHECK(test_families(std::vector{of_some, empty}, 0)[0][0].p == Approx(2.0 / 256.0));
  CHECK(test_families(std::vector{of_some, of_many}, 0)[0][0].p == Approx(4.0 / 256.0));
}
