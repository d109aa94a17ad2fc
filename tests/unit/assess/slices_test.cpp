#include "assess/slices.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "assess/detectable_error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

struct SlicedData {
  Predictions predictions;
  std::vector<SliceColumn> columns;
};

/// 240 recordings of 10 classes and 10 sites, in 80 groups of three. A tenth of the decisions is
/// wrong; in recordings of site 0, `planted` of them. A device and two numbers say nothing. Errors
/// within a group are correlated.
SlicedData sliced_data(std::uint64_t seed, double planted) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform;
  SlicedData data;
  Predictions& predictions = data.predictions;
  predictions.probabilities = Array2d<double>(240, 10, 0.05);
  data.columns = {{"site", {}}, {"label", {}}, {"device", {}}, {"level", {}}, {"duration", {}}};
  double group_draw = 0.0;
  for (std::size_t i = 0; i < 240; ++i) {
    const std::size_t group = i / 3;
    const std::size_t site = group % 10;
    if (i % 3 == 0) group_draw = uniform(random);
    const double draw = uniform(random) < 0.2 ? group_draw : uniform(random);
    const std::size_t truth = random() % 10;
    const bool is_wrong = draw < (site == 0 ? planted : 0.1);
    predictions.truth.push_back(truth);
    predictions.groups.push_back(group);
    predictions.probabilities(i, is_wrong ? (truth + 1) % 10 : truth) = 0.55;
    data.columns[0].values.push_back("site " + std::to_string(site));
    data.columns[1].values.push_back("class " + std::to_string(truth));
    data.columns[2].values.emplace_back(random() % 2 == 0 ? "A" : "B");
    data.columns[3].values.push_back(std::to_string(uniform(random)));
    data.columns[4].values.push_back(std::to_string(uniform(random)));
  }
  return data;
}

const Slice& slice_at(const std::vector<Slice>& slices, const std::string& value) {
  return *std::ranges::find(slices, value, &Slice::value);
}

}  // namespace

TEST_CASE("a slice with many errors is found among others, with its size and its groups") {
  const SlicedData data = sliced_data(1, 0.6);
  const std::vector<Slice> slices = study_slices(data.predictions, data.columns, 0);
  CHECK(slices.size() == 10 + 10 + 2 + 4 + 4);
  const Slice& site = slice_at(slices, "site 0");
  CHECK(site.rows.size() == 24);
  CHECK(site.groups == 8);
  CHECK(site.p <= 0.05);
  CHECK(site.error == Approx(0.6).margin(0.2));
  REQUIRE(site.interval);
  CHECK(site.interval->low > 0.0);
  CHECK(site.interval->low < site.difference);
  CHECK(site.difference < site.interval->high);
  CHECK(std::ranges::count_if(slices, [](const Slice& slice) { return slice.p <= 0.05; }) == 1);
  CHECK_THAT(slices_text(slices), Catch::StartsWith("site site 0: error 0."));
  const auto in_level = std::ranges::count(slices, "level", &Slice::column);
  CHECK(in_level == 4);
  for (const Slice& slice : slices) {
    if (slice.column == "level") CHECK(slice.rows.size() == 60);
  }
  const std::vector<Slice> again = study_slices(data.predictions, data.columns, 0);
  CHECK(slices_csv(again) == slices_csv(slices));
}

TEST_CASE("small slices are left out, and unknown values belong to none") {
  SlicedData data = sliced_data(2, 0.1);
  data.columns = {{"site", std::vector<std::string>(240)}};
  for (std::size_t i = 0; i < 9; ++i) data.columns[0].values[i] = "small";
  CHECK(study_slices(data.predictions, data.columns, 0).empty());
  data.columns[0].values[9] = "small";
  const std::vector<Slice> slices = study_slices(data.predictions, data.columns, 0);
  REQUIRE(slices.size() == 1);
  CHECK(slices[0].groups == 4);
  CHECK_FALSE(slices[0].interval);
}

TEST_CASE("the smallest error that could be found is that of Fisher's test") {
  // Summed over both binomial distributions, with 24 of 238 trials; .05 over one and twenty slices.
  CHECK(detectable_error(0.025, 24, 214, 0.05).value() == Approx(0.208).margin(0.0015));
  CHECK(detectable_error(0.025, 24, 214, 0.0025).value() == Approx(0.289).margin(0.0015));
  CHECK(detectable_error(0.27, 24, 214, 0.05).value() == Approx(0.581).margin(0.0015));
  CHECK(detectable_error(0.27, 24, 214, 0.0025).value() == Approx(0.690).margin(0.0015));
  CHECK_FALSE(detectable_error(0.5, 2, 10, 0.05));
}

TEST_CASE("a planted slice is found in nine of ten data sets, and no slice in 95 % without one",
          "[.coverage]") {
  constexpr int kSeeds = 200;
  int found = 0;
  int false_findings = 0;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const auto number = static_cast<std::uint64_t>(seed);
    const SlicedData planted = sliced_data(number, 0.6);
    found += slice_at(study_slices(planted.predictions, planted.columns, 0), "site 0").p <= 0.05;
    const SlicedData plain = sliced_data(1000 + number, 0.1);
    const std::vector<Slice> slices = study_slices(plain.predictions, plain.columns, 0);
    false_findings += std::ranges::any_of(slices, [](const Slice& one) { return one.p <= 0.05; });
  }
  WARN("planted slice found in " << found << ", any slice without one in " << false_findings
                                 << " of " << kSeeds);
  CHECK(found >= 180);
  CHECK(false_findings <= 10);
}
