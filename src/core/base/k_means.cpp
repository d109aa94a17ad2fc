#include "base/k_means.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <utility>

#include "base/draw_stream.hpp"
#include "base/row_matrix.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kMostSteps = 300;

double squared_distance(std::span<const double> a, std::span<const double> b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

/// The row at which the running sum of weights passes a share of the total.
std::size_t row_at(double share, const std::vector<double>& weights) {
  double left = share * std::reduce(weights.begin(), weights.end());
  std::size_t last = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] <= 0.0) continue;
    last = i;
    left -= weights[i];
    if (left < 0.0) break;
  }
  return last;
}

/// The squared distance of each row from the nearest centre, with one more row as a centre.
std::vector<double> distances_with(const Array2d<double>& rows, std::size_t centre,
                                   std::vector<double> distances) {
  const auto all = matrix_of(rows);
  const Eigen::VectorXd from_it =
      (all.rowwise() - all.row(static_cast<Eigen::Index>(centre))).rowwise().squaredNorm();
  for (std::size_t i = 0; i < rows.rows; ++i) {
    distances[i] = std::min(distances[i], from_it[static_cast<Eigen::Index>(i)]);
  }
  return distances;
}

/// Greedy k-means++: each centre is the best of 2 + ln(k) rows. These are drawn in proportion to their
/// squared distance from the centres before.
Array2d<double> start_centres(const Array2d<double>& rows, std::size_t k, core::DrawStream draws) {
  const auto trials = static_cast<std::size_t>(2.0 + std::log(static_cast<double>(k)));
  Array2d<double> centres;
  const std::size_t first = draws.next_below(rows.rows);
  append_row(centres, rows.row(first));
  std::vector<double> distances = distances_with(
      rows, first, std::vector<double>(rows.rows, std::numeric_limits<double>::infinity()));
  while (centres.rows < k && std::ranges::any_of(distances, [](double d) { return d > 0.0; })) {
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    std::vector<double> best_distances;
    for (std::size_t trial = 0; trial < trials; ++trial) {
      const std::size_t row = row_at(draws.next() * 0x1p-32, distances);
      std::vector<double> with_it = distances_with(rows, row, distances);
      const double sum = std::reduce(with_it.begin(), with_it.end());
      if (sum >= least) continue;
      least = sum;
      best = row;
      best_distances = std::move(with_it);
    }
    append_row(centres, rows.row(best));
    distances = std::move(best_distances);
  }
  return centres;
}

/// The means of the clusters' rows. A cluster without a row keeps its centre.
void move_centres(const Array2d<double>& rows, const Rows& of_row, Array2d<double>& centres) {
  Array2d<double> sums(centres.rows, centres.columns);
  std::vector<double> counts(centres.rows, 0.0);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    counts[of_row[i]] += 1.0;
    for (std::size_t c = 0; c < rows.columns; ++c) sums(of_row[i], c) += rows(i, c);
  }
  for (std::size_t k = 0; k < centres.rows; ++k) {
    if (counts[k] == 0.0) continue;
    for (std::size_t c = 0; c < centres.columns; ++c) centres(k, c) = sums(k, c) / counts[k];
  }
}

Clusters clusters_from(const Array2d<double>& rows, Array2d<double> centres) {
  Clusters clusters{nearest_centres(rows, centres), std::move(centres)};
  for (std::size_t step = 0; step < kMostSteps; ++step) {
    move_centres(rows, clusters.of_row, clusters.centres);
    Rows next = nearest_centres(rows, clusters.centres);
    if (next == clusters.of_row) break;
    clusters.of_row = std::move(next);
  }
  for (std::size_t i = 0; i < rows.rows; ++i) {
    clusters.inertia += squared_distance(rows.row(i), clusters.centres.row(clusters.of_row[i]));
  }
  return clusters;
}

/// Numbers clusters as rows first name them, and leaves out those without a row.
Clusters renumbered(const Clusters& clusters) {
  std::map<std::size_t, std::size_t> numbers;
  Clusters result;
  result.inertia = clusters.inertia;
  for (const std::size_t cluster : clusters.of_row) {
    const auto [entry, added] = numbers.emplace(cluster, numbers.size());
    if (added) append_row(result.centres, clusters.centres.row(cluster));
    result.of_row.push_back(entry->second);
  }
  return result;
}

}  // namespace

Rows nearest_centres(const Array2d<double>& rows, const Array2d<double>& centres) {
  // |x - c|² is |c|² - 2 x·c but for |x|², which is the same for all centres.
  const auto all = matrix_of(centres);
  const RowMatrix products = matrix_of(rows) * all.transpose();
  const Eigen::RowVectorXd squares = all.rowwise().squaredNorm().transpose();
  Rows nearest(rows.rows);
  for (std::size_t i = 0; i < rows.rows; ++i) {
    Eigen::Index least = 0;
    (squares - 2.0 * products.row(static_cast<Eigen::Index>(i))).minCoeff(&least);
    nearest[i] = static_cast<std::size_t>(least);
  }
  return nearest;
}

Clusters k_means(const Array2d<double>& rows, std::size_t k, std::uint64_t seed,
                 std::size_t starts) {
  Clusters best;
  best.inertia = std::numeric_limits<double>::infinity();
  for (std::size_t start = 0; start < starts; ++start) {
    Clusters clusters =
        clusters_from(rows, start_centres(rows, k, {seed, start, core::DrawsFor::k_means_start}));
    if (clusters.inertia < best.inertia) best = std::move(clusters);
  }
  return renumbered(best);
}

double adjusted_rand_index(const Rows& a, const Rows& b) {
  const auto pairs = [](double count) { return count * (count - 1.0) / 2.0; };
  std::map<std::pair<std::size_t, std::size_t>, double> both;
  std::map<std::size_t, double> of_a;
  std::map<std::size_t, double> of_b;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ++both[{a[i], b[i]}];
    ++of_a[a[i]];
    ++of_b[b[i]];
  }
  const auto together = [&](const auto& counts) {
    double sum = 0.0;
    for (const auto& [name, count] : counts) sum += pairs(count);
    return sum;
  };
  const double in_a = together(of_a);
  const double in_b = together(of_b);
  const double expected = in_a * in_b / pairs(static_cast<double>(a.size()));
  const double largest = (in_a + in_b) / 2.0;
  return largest == expected ? 1.0 : (together(both) - expected) / (largest - expected);
}

}  // namespace relax_spectro
