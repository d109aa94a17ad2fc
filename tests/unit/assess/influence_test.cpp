#include "assess/influence.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "assess/drop_bounds.hpp"
#include "simulated_predictions.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Measures by their definitions, without any count that is kept.
struct Definitions {
  double accuracy = 0.0;
  double macro_f1 = 0.0;
  double log_loss = 0.0;
  double kappa = 0.0;
  std::vector<double> f1;

  Definitions(const Predictions& predictions, const std::set<std::size_t>& left_out) {
    const Rows decisions = decisions_of(predictions.probabilities);
    const std::size_t classes = predictions.labels.size();
    const auto share = [&](const auto& holds) {
      double count = 0.0;
      double all = 0.0;
      for (std::size_t i = 0; i < decisions.size(); ++i) {
        if (left_out.contains(i)) continue;
        all += 1.0;
        if (holds(predictions.truth[i], decisions[i])) count += 1.0;
      }
      return count / all;
    };
    accuracy = share([](std::size_t t, std::size_t d) { return t == d; });
    double by_chance = 0.0;
    for (std::size_t k = 0; k < classes; ++k) {
      const double both = share([k](std::size_t t, std::size_t d) { return t == k && d == k; });
      const double is_k = share([k](std::size_t t, std::size_t) { return t == k; });
      const double says_k = share([k](std::size_t, std::size_t d) { return d == k; });
      const double precision = says_k > 0.0 ? both / says_k : 0.0;
      const double recall = is_k > 0.0 ? both / is_k : 0.0;
      f1.push_back(both > 0.0 ? 2.0 / (1.0 / precision + 1.0 / recall) : 0.0);
      macro_f1 += f1.back() / static_cast<double>(classes);
      by_chance += is_k * says_k;
    }
    kappa = (accuracy - by_chance) / (1.0 - by_chance);
    double count = 0.0;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      if (left_out.contains(i)) continue;
      log_loss -= std::log(predictions.probabilities(i, predictions.truth[i]));
      count += 1.0;
    }
    log_loss /= count;
  }
};

}  // namespace

TEST_CASE("influence is what each measure is without the file or the group") {
  const Predictions predictions = simulated_predictions(120, 6, 1);
  const InfluenceTable table = influence_of(predictions);
  const Definitions all(predictions, {});
  REQUIRE(table.files.size() == 120);
  REQUIRE(table.groups.size() == 40);
  double largest_error = 0.0;
  for (const auto* influences : {&table.files, &table.groups}) {
    for (const Influence& one : *influences) {
      const Definitions without(predictions, {one.rows.begin(), one.rows.end()});
      for (const auto& [measure, change] : {std::pair{"accuracy", without.accuracy - all.accuracy},
                                            {"macro_f1", without.macro_f1 - all.macro_f1},
                                            {"kappa", without.kappa - all.kappa},
                                            {"log_loss", without.log_loss - all.log_loss}}) {
        largest_error =
            std::max(largest_error, std::abs(one.changes[table.number_of(measure)] - change));
      }
      double most = 0.0;
      for (std::size_t k = 0; k < all.f1.size(); ++k) {
        most = std::max(most, std::abs(without.f1[k] - all.f1[k]));
      }
      largest_error = std::max(largest_error, std::abs(std::abs(one.f1_change) - most));
      CHECK(std::abs(without.f1[one.f1_class] - all.f1[one.f1_class]) == Approx(most));
    }
  }
  CHECK(largest_error < 1e-12);
  // The only file of its class: without it, the class counts as 0/0.
  CHECK(table.files[0].f1_class == 5);
}

TEST_CASE("the bounds of accuracy and log loss are those of all pairs of files") {
  const Predictions predictions = simulated_predictions(30, 4, 2);
  const std::vector<DropBounds> bounds =
      drop_bounds(predictions, report_of(predictions, 0), std::nullopt);
  std::vector<Definitions> ones;
  std::vector<Definitions> twos;
  for (std::size_t i = 0; i < 30; ++i) {
    ones.emplace_back(predictions, std::set{i});
    for (std::size_t j = 0; j < i; ++j) twos.emplace_back(predictions, std::set{i, j});
  }
  const auto check = [](const DropBounds& found, std::size_t files,
                        const std::vector<Definitions>& subsets, double Definitions::*measure) {
    const auto [least, greatest] = std::ranges::minmax_element(subsets, {}, measure);
    CHECK(found.least[files - 1] == Approx((*least).*measure).margin(1e-12));
    CHECK(found.greatest[files - 1] == Approx((*greatest).*measure).margin(1e-12));
  };
  for (const DropBounds& found : bounds) REQUIRE(found.least.size() == 3);
  for (const auto& [files, subsets] : {std::pair{std::size_t{1}, &ones}, {2, &twos}}) {
    check(bounds[0], files, *subsets, &Definitions::accuracy);
    check(bounds[3], files, *subsets, &Definitions::log_loss);
    // The greedy search is exact for one file, and was for two files here.
    check(bounds[1], files, *subsets, &Definitions::macro_f1);
    check(bounds[2], files, *subsets, &Definitions::kappa);
  }
}

TEST_CASE("as many files as needed bring accuracy to a threshold and out of its interval") {
  Predictions predictions;
  predictions.labels = {"a", "b"};
  predictions.probabilities = Array2d<double>(100, 2, 0.5);
  for (std::size_t i = 0; i < 100; ++i) {
    predictions.truth.push_back(i % 2);
    predictions.groups.push_back(i);
    predictions.probabilities(i, i < 80 ? i % 2 : (i + 1) % 2) = 0.9;
    predictions.probabilities(i, i < 80 ? (i + 1) % 2 : i % 2) = 0.1;
  }
  predictions.raw_probabilities = predictions.probabilities;
  const ClassReport report = report_of(predictions, 0);
  const auto accuracy = [&](double threshold) {
    return drop_bounds(predictions, report, MeasureThreshold{"accuracy", threshold}).front();
  };
  CHECK(accuracy(0.79).to_threshold == 5);  // 75 of 95 are 0.7895, 76 of 96 are 0.7917
  CHECK(accuracy(0.80).to_threshold == 1);
  CHECK(accuracy(0.81).to_threshold == 0);
  CHECK(accuracy(0.50).to_threshold == std::nullopt);  // 30 of 50 are 0.6
  // Its interval is 0.711 to 0.867: 80 of 92 are 0.870, 80 of 93 are 0.860.
  CHECK(accuracy(0.5).to_leave_interval == 8);
  CHECK(accuracy(0.5).greatest[7] == Approx(80.0 / 92.0));
}
