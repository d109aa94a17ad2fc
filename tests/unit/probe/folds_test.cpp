#include "probe/folds.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// 40 groups with 1 to 4 rows of one of 4 classes.
LabelledRows grouped_rows() {
  LabelledRows rows;
  rows.class_count = 4;
  for (std::size_t group = 0; group < 40; ++group) {
    for (std::size_t k = 0; k <= group % 4; ++k) {
      rows.groups.push_back(group);
      rows.classes.push_back(group / 10);
      rows.weights.push_back(1.0);
    }
  }
  rows.features = Array2d<double>(rows.groups.size(), 1);
  return rows;
}

}  // namespace

TEST_CASE("stratified folds keep groups whole and classes even") {
  const LabelledRows rows = grouped_rows();
  const std::vector<Fold> folds = stratified_group_folds(rows, 5, 3);
  REQUIRE(folds.size() == 5);
  CHECK(leaking_groups(folds, rows.groups).empty());
  std::set<std::size_t> tested;
  for (const Fold& fold : folds) {
    CHECK(fold.train.size() + fold.test.size() == rows.groups.size());
    tested.insert(fold.test.begin(), fold.test.end());
    std::map<std::size_t, int> counts;
    for (const std::size_t row : fold.test) ++counts[rows.classes[row]];
    for (std::size_t k = 0; k < 4; ++k) {
      CHECK(counts[k] >= 4);  // of about 25 rows in groups of up to 4
      CHECK(counts[k] <= 6);
    }
  }
  CHECK(tested.size() == rows.groups.size());
  CHECK(stratified_group_folds(rows, 5, 3)[0].test == folds[0].test);
  CHECK(stratified_group_folds(rows, 5, 4)[0].test != folds[0].test);
  CHECK_THROWS_AS(stratified_group_folds(rows, 41, 0), ConfigError);
}

TEST_CASE("a group in two folds is found") {
  const std::vector<Fold> folds = named_folds({"b", "a", "b", "a"});
  CHECK(folds[0].name == "a");
  CHECK(folds[0].test == Rows{1, 3});
  CHECK(folds[0].train == Rows{0, 2});
  CHECK(leaking_groups(folds, {0, 1, 2, 3}).empty());
  CHECK(leaking_groups(folds, {0, 1, 7, 7}) == std::vector<std::size_t>{7});
  CHECK_THROWS_AS(named_folds({"a", "a"}), ConfigError);
}
