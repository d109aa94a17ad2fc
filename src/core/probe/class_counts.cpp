#include "probe/class_counts.hpp"

#include <numeric>

namespace relax_spectro {
namespace {

double ratio(double part, double whole) { return whole > 0.0 ? part / whole : 0.0; }

using OfClass = double (ClassCounts::*)(std::size_t) const;

double weighted_mean(const ClassCounts& counts, OfClass of_class,
                     const std::vector<double>& weights) {
  double sum = 0.0;
  for (std::size_t k = 0; k < weights.size(); ++k) sum += weights[k] * (counts.*of_class)(k);
  return ratio(sum, std::reduce(weights.begin(), weights.end()));
}

}  // namespace

ClassCounts::ClassCounts(std::size_t classes)
    : right_(classes, 0.0), true_ones_(classes, 0.0), decided_(classes, 0.0) {}

void ClassCounts::count(std::size_t truth, std::size_t decision, double times) {
  true_ones_[truth] += times;
  decided_[decision] += times;
  if (truth == decision) right_[truth] += times;
  total_ += times;
}

double ClassCounts::precision(std::size_t k) const { return ratio(right_[k], decided_[k]); }

double ClassCounts::recall(std::size_t k) const { return ratio(right_[k], true_ones_[k]); }

double ClassCounts::f1(std::size_t k) const {
  return ratio(2.0 * right_[k], decided_[k] + true_ones_[k]);
}

double ClassCounts::accuracy() const {
  return ratio(std::reduce(right_.begin(), right_.end()), total_);
}

double ClassCounts::macro_f1() const {
  double sum = 0.0;
  for (std::size_t k = 0; k < classes(); ++k) sum += f1(k);
  return sum / static_cast<double>(classes());
}

double ClassCounts::balanced_accuracy() const {
  double sum = 0.0;
  double present = 0.0;
  for (std::size_t k = 0; k < classes(); ++k) {
    sum += recall(k);
    present += true_ones_[k] > 0.0 ? 1.0 : 0.0;
  }
  return ratio(sum, present);
}

double ClassCounts::kappa() const {
  const double by_chance =
      ratio(std::inner_product(true_ones_.begin(), true_ones_.end(), decided_.begin(), 0.0),
            total_ * total_);
  return ratio(accuracy() - by_chance, 1.0 - by_chance);
}

std::vector<std::pair<std::string, double>> ClassCounts::overall() const {
  std::vector<std::pair<std::string, double>> found{{"accuracy", accuracy()}};
  const std::vector<double> equal(classes(), 1.0);
  for (const auto& [prefix, weights] :
       {std::pair{"macro_", &equal}, std::pair{"weighted_", &true_ones_}}) {
    for (const auto& [name, of_class] : {std::pair{"precision", OfClass{&ClassCounts::precision}},
                                         {"recall", &ClassCounts::recall},
                                         {"f1", &ClassCounts::f1}}) {
      found.emplace_back(std::string(prefix) + name, weighted_mean(*this, of_class, *weights));
    }
  }
  found.emplace_back("balanced_accuracy", balanced_accuracy());
  found.emplace_back("kappa", kappa());
  return found;
}

}  // namespace relax_spectro
