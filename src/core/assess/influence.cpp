#include "assess/influence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "probe/calibration.hpp"
#include "probe/class_counts.hpp"

namespace relax_spectro {
namespace {

class Without {
 public:
  explicit Without(const Predictions& predictions)
      : truth_(predictions.truth),
        decisions_(decisions_of(predictions.probabilities)),
        losses_(log_losses(predictions.probabilities, truth_)),
        brier_(brier_scores(predictions.probabilities, truth_)),
        counts_(predictions.labels.size()) {
    for (std::size_t i = 0; i < truth_.size(); ++i) counts_.add(truth_[i], decisions_[i]);
    loss_sum_ = std::reduce(losses_.begin(), losses_.end());
    brier_sum_ = std::reduce(brier_.begin(), brier_.end());
    for (const auto& [name, value] : measures({})) {
      names.push_back(name);
      values.push_back(value);
    }
    for (std::size_t k = 0; k < counts_.classes(); ++k) f1_.push_back(counts_.f1(k));
  }

  Influence operator()(const Rows& rows) {
    for (const std::size_t i : rows) counts_.remove(truth_[i], decisions_[i]);
    Influence influence;
    influence.rows = rows;
    const auto without = measures(influence.rows);
    for (std::size_t m = 0; m < values.size(); ++m) {
      influence.changes.push_back(without[m].second - values[m]);
    }
    for (std::size_t k = 0; k < f1_.size(); ++k) {
      const double change = counts_.f1(k) - f1_[k];
      if (std::abs(change) <= std::abs(influence.f1_change)) continue;
      influence.f1_class = k;
      influence.f1_change = change;
    }
    for (const std::size_t i : influence.rows) counts_.add(truth_[i], decisions_[i]);
    return influence;
  }

  std::vector<std::string> names;
  std::vector<double> values;

 private:
  [[nodiscard]] std::vector<std::pair<std::string, double>> measures(const Rows& left_out) const {
    auto found = counts_.overall();
    double loss = loss_sum_;
    double brier = brier_sum_;
    for (const std::size_t i : left_out) {
      loss -= losses_[i];
      brier -= brier_[i];
    }
    const double count = std::max(1.0, static_cast<double>(truth_.size() - left_out.size()));
    found.emplace_back("log_loss", loss / count);
    found.emplace_back("brier", brier / count);
    return found;
  }

  const std::vector<std::size_t>& truth_;
  Rows decisions_;
  std::vector<double> losses_;
  std::vector<double> brier_;
  ClassCounts counts_;
  double loss_sum_ = 0.0;
  double brier_sum_ = 0.0;
  std::vector<double> f1_;
};

}  // namespace

std::size_t InfluenceTable::number_of(const std::string& measure) const {
  return static_cast<std::size_t>(std::ranges::find(measures, measure) - measures.begin());
}

InfluenceTable influence_of(const Predictions& predictions) {
  Without without(predictions);
  InfluenceTable table{without.names, without.values, {}, {}};
  std::vector<Rows> groups(1 + std::ranges::max(predictions.groups));
  for (std::size_t i = 0; i < predictions.truth.size(); ++i) {
    table.files.push_back(without({i}));
    groups[predictions.groups[i]].push_back(i);
  }
  for (const Rows& rows : groups) table.groups.push_back(without(rows));
  return table;
}

Rows largest(const std::vector<Influence>& influences, std::size_t measure, std::size_t most) {
  Rows order(influences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater<>{},
                           [&](std::size_t i) { return std::abs(influences[i].changes[measure]); });
  order.resize(std::min(most, order.size()));
  return order;
}

}  // namespace relax_spectro
