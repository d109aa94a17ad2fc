#include "space/clusters.hpp"

#include <algorithm>
#include <boost/math/distributions/hypergeometric.hpp>
#include <set>
#include <utility>

#include "base/draw_stream.hpp"
#include "base/finite_mean.hpp"
#include "base/multiple_tests.hpp"
#include "space/space_scores.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kMostClusters = 40;
constexpr std::size_t kResamples = 10;
constexpr std::size_t kMostRows = 2000;   // of a resample
constexpr std::size_t kStarts = 5;        // of k_means of a resample
constexpr double kEqualStability = 0.02;  // about the standard error of a stability
constexpr std::size_t kFewestGroups = 5;  // with a value, for a test
constexpr double kAlpha = 0.05;

/// Groups that are drawn with replacement, all rows of each.
Array2d<double> resample(const KnownRows& known, const std::vector<Rows>& members,
                         core::DrawStream draws) {
  Array2d<double> rows;
  for (std::size_t g = 0; g < members.size() && rows.rows < kMostRows; ++g) {
    for (const std::size_t row : members[draws.next_below(members.size())]) {
      append_row(rows, known.vectors.row(row));
    }
  }
  return rows;
}

double stability_of(const KnownRows& known, const std::vector<Array2d<double>>& resamples,
                    std::size_t k, std::uint64_t seed) {
  std::vector<Rows> clusterings;
  for (const Array2d<double>& rows : resamples) {
    const Clusters clusters = k_means(rows, std::min(k, rows.rows), seed, kStarts);
    clusterings.push_back(nearest_centres(known.vectors, clusters.centres));
  }
  std::vector<double> alike;
  for (std::size_t a = 0; a < clusterings.size(); ++a) {
    for (std::size_t b = a + 1; b < clusterings.size(); ++b) {
      alike.push_back(adjusted_rand_index(clusterings[a], clusterings[b]));
    }
  }
  return core::finite_mean(alike);
}

ClusterSummary summary_of(Rows rows, const KnownRows& known) {
  ClusterSummary summary{std::move(rows), 0, {}};
  summary.labels.resize(*std::ranges::max_element(known.labels) + 1, 0);
  std::vector<double> sum(known.vectors.columns, 0.0);
  for (const std::size_t row : summary.rows) {
    ++summary.labels[known.labels[row]];
    for (std::size_t c = 0; c < sum.size(); ++c) sum[c] += known.vectors(row, c);
  }
  summary.medoid = *std::ranges::max_element(
      summary.rows, {}, [&](std::size_t row) { return product(known.vectors.row(row), sum); });
  return summary;
}

/// The probability of at least as many of `marked` of `all` in a sample, if it is drawn at random.
double p_of_excess(std::size_t found, std::size_t marked, std::size_t sample, std::size_t all) {
  const std::size_t least = marked + sample > all ? marked + sample - all : 0;
  if (found <= least) return 1.0;
  const boost::math::hypergeometric drawn(
      static_cast<unsigned>(marked), static_cast<unsigned>(sample), static_cast<unsigned>(all));
  return cdf(complement(drawn, static_cast<unsigned>(found - 1)));
}

}  // namespace

std::size_t ClusterStudy::most_stable() const {
  return static_cast<std::size_t>(std::ranges::max_element(stability) - stability.begin());
}

ClusterStudy find_clusters(const KnownRows& known, std::uint64_t seed) {
  ClusterStudy study;
  const std::size_t most = std::min(kMostClusters, known.vectors.rows / 5);
  const std::vector<Rows> members = rows_of(known.groups);
  std::vector<Array2d<double>> resamples;
  for (std::size_t r = 0; r < kResamples; ++r) {
    resamples.push_back(resample(known, members, {seed, r, core::DrawsFor::cluster_resample}));
  }
  for (std::size_t k = 2; k <= most; ++k) {
    study.stability.push_back(stability_of(known, resamples, k, seed));
  }
  if (study.stability.empty()) return study;
  const double greatest = study.stability[study.most_stable()];
  if (greatest < kClearStability) return study;
  double largest = -1.0;
  for (std::size_t k = 2; k <= most; ++k) {
    if (study.stability[k - 2] < greatest - kEqualStability) continue;
    Clusters clusters = k_means(known.vectors, k, seed);
    std::vector<double> by_cluster = silhouettes(known, clusters.of_row);
    const double silhouette = core::finite_mean(by_cluster);
    if (study.clusters && silhouette <= largest) continue;
    largest = silhouette;
    study.clusters = std::move(clusters);
    study.silhouettes = std::move(by_cluster);
  }
  study.rand_index = adjusted_rand_index(study.clusters->of_row, known.labels);
  for (Rows& rows : rows_of(study.clusters->of_row)) {
    study.summaries.push_back(summary_of(std::move(rows), known));
  }
  return study;
}

void name_clusters(ClusterStudy& study, const KnownRows& known,
                   const std::vector<SliceColumn>& columns) {
  std::set<std::size_t> first_rows;
  for (const Rows& rows : rows_of(known.groups)) first_rows.insert(rows.front());
  const auto firsts_of = [&first_rows](const Rows& rows) {
    std::set<std::size_t> firsts;
    for (const std::size_t row : rows) {
      if (first_rows.contains(row)) firsts.insert(row);
    }
    return firsts;
  };
  struct Test {
    std::size_t cluster;
    Excess excess;
  };
  std::vector<Test> tests;
  for (const SliceColumn& column : columns) {
    for (const Slice& slice : slices_of(column)) {
      const std::set<std::size_t> marked = firsts_of(slice.rows);
      if (marked.size() < kFewestGroups) continue;
      for (std::size_t k = 0; k < study.summaries.size(); ++k) {
        const std::set<std::size_t> sample = firsts_of(study.summaries[k].rows);
        const auto found = static_cast<std::size_t>(
            std::ranges::count_if(sample, [&](std::size_t row) { return marked.contains(row); }));
        const double p = p_of_excess(found, marked.size(), sample.size(), first_rows.size());
        tests.push_back({k, {column.name, slice.value, p}});
      }
    }
  }
  std::vector<double> p;
  for (const Test& test : tests) p.push_back(test.excess.p);
  p = holm(p);
  for (std::size_t t = 0; t < tests.size(); ++t) {
    if (p[t] > kAlpha) continue;
    tests[t].excess.p = p[t];
    study.summaries[tests[t].cluster].excess.push_back(tests[t].excess);
  }
}

}  // namespace relax_spectro
