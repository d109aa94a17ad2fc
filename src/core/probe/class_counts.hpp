#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace relax_spectro {

/// How often each class was right, true and decided, and what follows from that. A 0/0 is 0, as in
/// scikit-learn with `zero_division=0`.
class ClassCounts {
 public:
  explicit ClassCounts(std::size_t classes);

  /// Counts a recording.
  void add(std::size_t truth, std::size_t decision) { count(truth, decision, 1.0); }
  /// Takes a recording back that was counted.
  void remove(std::size_t truth, std::size_t decision) { count(truth, decision, -1.0); }

  [[nodiscard]] std::size_t classes() const { return right_.size(); }
  /// How many recordings precision, recall and F1 of a class are shares or means of.
  [[nodiscard]] double decided(std::size_t k) const { return decided_[k]; }
  [[nodiscard]] double true_ones(std::size_t k) const { return true_ones_[k]; }
  [[nodiscard]] double concerned(std::size_t k) const {
    return decided_[k] + true_ones_[k] - right_[k];
  }

  [[nodiscard]] double precision(std::size_t k) const;
  [[nodiscard]] double recall(std::size_t k) const;
  [[nodiscard]] double f1(std::size_t k) const;
  [[nodiscard]] double accuracy() const;
  [[nodiscard]] double macro_f1() const;
  /// The mean recall of the classes that are there.
  [[nodiscard]] double balanced_accuracy() const;
  /// Cohen's kappa.
  [[nodiscard]] double kappa() const;
  /// `accuracy`, the means of precision, recall and F1 over classes (`macro_…`), and weighted by the
  /// number of recordings (`weighted_…`), `balanced_accuracy` and `kappa`.
  [[nodiscard]] std::vector<std::pair<std::string, double>> overall() const;

 private:
  void count(std::size_t truth, std::size_t decision, double times);

  std::vector<double> right_;
  std::vector<double> true_ones_;
  std::vector<double> decided_;
  double total_ = 0.0;
};

}  // namespace relax_spectro
