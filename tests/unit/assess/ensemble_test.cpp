#include "assess/ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <numeric>
#include <string>
#include <vector>

#include "assess/assessment.hpp"
#include "simulated_predictions.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

Member member(const std::string& name, const Predictions& predictions) {
  return {name, name + ".csv", predictions};
}

std::vector<Member> three_members() {
  std::vector<Member> members;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    members.push_back(member("m" + std::to_string(seed), simulated_predictions(240, 5, seed)));
  }
  // A member may be sure that a class is impossible.
  auto row = members[0].predictions.probabilities.row(4);
  std::ranges::fill(row, 0.0);
  row[2] = 1.0;
  return members;
}

const Comparison& compared(const EnsembleStudy& study, const std::string& system) {
  return *std::ranges::find(study.comparisons, system, &Comparison::system);
}

double accuracy_without(const std::vector<Member>& members, std::size_t left_out) {
  const Predictions& first = members.front().predictions;
  double right = 0.0;
  for (std::size_t i = 0; i < first.truth.size(); ++i) {
    std::vector<double> sum(first.labels.size(), 0.0);
    for (std::size_t m = 0; m < members.size(); ++m) {
      if (m == left_out) continue;
      const auto row = members[m].predictions.probabilities.row(i);
      std::ranges::transform(sum, row, sum.begin(), std::plus<>{});
    }
    if (std::ranges::max_element(sum) - sum.begin() ==
        static_cast<std::ptrdiff_t>(first.truth[i])) {
      right += 1.0;
    }
  }
  return right / static_cast<double>(first.truth.size());
}

}  // namespace

TEST_CASE("the geometric mean's log loss is its members' less their divergence") {
  const std::vector<Member> members = three_members();
  const EnsembleStudy study = study_ensemble(members, systems_of(members, 0), 0);
  const auto& [ensemble, mean, divergence] = study.decomposition;
  CHECK(divergence > 0.05);
  CHECK(std::abs(ensemble - (mean - divergence)) < 1e-12);
}

TEST_CASE("one member three times adds nothing") {
  const Predictions predictions = simulated_predictions(90, 5, 4);
  const std::vector<Member> members{member("a", predictions), member("b", predictions),
                                    member("c", predictions)};
  const EnsembleStudy study = study_ensemble(members, systems_of(members, 0), 0);
  CHECK(std::abs(study.decomposition.divergence) < 1e-12);
  CHECK(study.comparisons.size() == 2 + 3 + 3);
  for (const Comparison& one : study.comparisons) {
    const bool vote = one.system == "vote";  // whose probabilities are shares of votes
    for (const Difference& difference : one.differences) {
      if (vote && difference.measure == "log_loss") continue;
      CHECK(std::abs(difference.value) < 1e-12);
      CHECK(std::abs(difference.interval.high - difference.interval.low) < 1e-12);
    }
    CHECK(one.differences[0].p == 1.0);
  }
  for (const MemberPair& pair : study.pairs) CHECK(pair.kappa == Approx(1.0));
  for (const Rows& rows : study.only_right) CHECK(rows.empty());
}

TEST_CASE("ensembles are compared with the best member, and without each member with all") {
  const std::vector<Member> members = three_members();
  const std::vector<System> systems = systems_of(members, 0);
  const EnsembleStudy study = study_ensemble(members, systems, 0);
  const auto accuracy = [&](std::size_t system) {
    return systems[system].report.at("accuracy").value;
  };
  CHECK(accuracy(study.best) == std::max({accuracy(0), accuracy(1), accuracy(2)}));
  const Comparison& mean = compared(study, "mean");
  CHECK(mean.with == members[study.best].name);
  CHECK(mean.differences[0].value == Approx(accuracy(3) - accuracy(study.best)));
  CHECK(mean.differences[0].value > 0.05);  // independent errors
  CHECK(mean.differences[0].interval.low > 0.0);
  CHECK(*mean.differences[0].p < 0.05);
  for (std::size_t m = 0; m < 3; ++m) {
    const Comparison& without = compared(study, "without m" + std::to_string(m));
    CHECK(without.with == "mean");
    CHECK(without.differences[0].value == Approx(accuracy_without(members, m) - accuracy(3)));
  }
}

TEST_CASE("10 000 files, 50 classes and 5 members take a minute at most", "[.minute]") {
  AssessData data;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    data.members.push_back(
        member("m" + std::to_string(seed), simulated_predictions(10'000, 50, seed)));
  }
  for (std::size_t i = 0; i < 10'000; ++i) {
    RecordingLabel row;
    row.file = std::to_string(i) + ".wav";
    row.label = data.members[0].predictions.labels[data.members[0].predictions.truth[i]];
    data.files.push_back(row.file);
    data.rows.push_back(row);
  }
  data.groups.resize(3334);
  const std::clock_t begin = std::clock();
  const Assessment assessment = assess(data, {});
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  WARN(seconds << " s of processor time");
  CHECK(seconds <= 60.0);
  CHECK(assessment.influence.files.size() == 10'000);
}

TEST_CASE("votes, and what members share, are counted") {
  // Members are right in files 0-3, 0-1, and 2; both others agree on a wrong class in file 2.
  const std::vector<std::vector<std::size_t>> decisions{
      {0, 0, 0, 0, 1, 1}, {0, 0, 1, 1, 1, 1}, {1, 1, 1, 2, 1, 2}};
  std::vector<Member> members;
  for (std::size_t m = 0; m < 3; ++m) {
    Predictions predictions;
    predictions.labels = {"a", "b", "c"};
    predictions.truth.assign(6, 0);
    predictions.groups = {0, 1, 2, 3, 4, 5};
    predictions.probabilities = Array2d<double>(6, 3, 0.2);
    for (std::size_t i = 0; i < 6; ++i) predictions.probabilities(i, decisions[m][i]) = 0.6;
    predictions.probabilities(3, 0) += m == 2 ? 0.1 : 0.0;
    predictions.raw_probabilities = predictions.probabilities;
    members.push_back(member("m" + std::to_string(m), predictions));
  }
  const std::vector<System> systems = systems_of(members, 0);
  // File 3 has a vote for each class: the mean probability decides, for class a.
  CHECK(decisions_of(systems[5].predictions.probabilities) == Rows{0, 0, 1, 0, 1, 1});
  const EnsembleStudy study = study_ensemble(members, systems, 0);
  CHECK(study.best == 0);
  CHECK(study.only_right == std::vector<Rows>{{2, 3}, {}, {}});
  CHECK(study.pairs[0].both_wrong == Approx(2.0 / 6.0));
  CHECK(study.pairs[0].if_independent == Approx(2.0 / 6.0 * 4.0 / 6.0));
  CHECK(study.pairs[0].kappa == Approx((4.0 / 6.0 - 16.0 / 36.0) / (1.0 - 16.0 / 36.0)));
}
