#include "space/space_scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "base/finite_mean.hpp"
#include "probe/cross_validation.hpp"

namespace relax_spectro {
namespace {

constexpr std::size_t kExchanges = 999;

/// Purities that are equal but for rounding count as equal.
constexpr double kRounding = 1e-12;

/// The share of each row's neighbours with its label.
std::vector<double> shares_of_label(const std::vector<RowNeighbours>& neighbours,
                                    std::span<const std::size_t> labels) {
  std::vector<double> shares;
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    double same = 0.0;
    for (const Neighbour& one : neighbours[i].nearest) {
      if (labels[one.row] == labels[i]) same += 1.0;
    }
    shares.push_back(same / static_cast<double>(neighbours[i].nearest.size()));
  }
  return shares;
}

}  // namespace

std::vector<Rows> rows_of(std::span<const std::size_t> numbers) {
  std::vector<Rows> rows(numbers.empty() ? 0 : *std::ranges::max_element(numbers) + 1);
  for (std::size_t i = 0; i < numbers.size(); ++i) rows[numbers[i]].push_back(i);
  return rows;
}

std::vector<std::size_t> others_with_label(const KnownRows& known) {
  std::map<std::size_t, std::size_t> of_label;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> of_label_and_group;
  for (std::size_t i = 0; i < known.labels.size(); ++i) {
    ++of_label[known.labels[i]];
    ++of_label_and_group[{known.labels[i], known.groups[i]}];
  }
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < known.labels.size(); ++i) {
    others.push_back(of_label[known.labels[i]] -
                     of_label_and_group[{known.labels[i], known.groups[i]}]);
  }
  return others;
}

std::size_t voters_of(const KnownRows& known, std::size_t neighbours) {
  for (const std::size_t others : others_with_label(known)) {
    if (others > 0) neighbours = std::min(neighbours, others);
  }
  return neighbours;
}

std::size_t vote_of(const RowNeighbours& neighbours, std::size_t voters,
                    std::span<const std::size_t> labels) {
  std::map<std::size_t, std::size_t> counts;
  for (std::size_t rank = 0; rank < std::min(voters, neighbours.nearest.size()); ++rank) {
    ++counts[labels[neighbours.nearest[rank].row]];
  }
  const auto most = std::ranges::max_element(
      counts, {}, [](const auto& label_and_count) { return label_and_count.second; });
  return most == counts.end() ? std::numeric_limits<std::size_t>::max() : most->first;
}

Purity purity_of(const std::vector<RowNeighbours>& neighbours, const KnownRows& known,
                 std::size_t voters, std::uint64_t seed) {
  Purity purity;
  purity.voters = voters;
  purity.of_row = shares_of_label(neighbours, known.labels);
  purity.value = core::finite_mean(purity.of_row);
  const auto mean_of = [&](const Rows& rows) {
    std::vector<double> shares;
    for (const std::size_t row : rows) shares.push_back(purity.of_row[row]);
    return std::vector{core::finite_mean(shares)};
  };
  purity.interval = group_bootstrap(known.groups, mean_of, seed).front();
  std::vector<double> right;
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    purity.vote.push_back(vote_of(neighbours[i], voters, known.labels));
    right.push_back(purity.vote[i] == known.labels[i] ? 1.0 : 0.0);
  }
  purity.vote_accuracy = core::finite_mean(right);
  purity.vote_interval = wilson_interval(right, known.groups).value();
  LabelledRows rows;
  rows.classes = known.labels;
  rows.groups = known.groups;
  std::size_t as_large = 1;
  for (std::size_t exchange = 0; exchange < kExchanges; ++exchange) {
    const std::vector<std::size_t> labels =
        with_shuffled_classes(rows, {}, {seed, exchange}).classes;
    const double value = core::finite_mean(shares_of_label(neighbours, labels));
    purity.chance += value / kExchanges;
    if (value >= purity.value - kRounding) ++as_large;
  }
  purity.p = static_cast<double>(as_large) / (kExchanges + 1);
  return purity;
}

std::vector<std::size_t> times_neighbour(const std::vector<RowNeighbours>& neighbours) {
  std::vector<std::size_t> times(neighbours.size(), 0);
  for (const RowNeighbours& row : neighbours) {
    for (const Neighbour& one : row.nearest) ++times[one.row];
  }
  return times;
}

double hubness_of(std::span<const std::size_t> times) {
  const auto count = static_cast<double>(times.size());
  double mean = 0.0;
  for (const std::size_t value : times) mean += static_cast<double>(value) / count;
  double squares = 0.0;
  double cubes = 0.0;
  for (const std::size_t value : times) {
    const double off = static_cast<double>(value) - mean;
    squares += off * off / count;
    cubes += off * off * off / count;
  }
  return squares > 0.0 ? cubes / std::pow(squares, 1.5) : 0.0;
}

std::vector<double> silhouettes(const KnownRows& known, std::span<const std::size_t> parts) {
  const std::vector<Rows> members = rows_of(known.groups);
  const std::vector<Rows> rows_of_part = rows_of(parts);
  Array2d<double> sums(rows_of_part.size(), known.vectors.columns);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t c = 0; c < sums.columns; ++c) sums(parts[i], c) += known.vectors(i, c);
  }
  std::vector<double> silhouettes;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    // The mean cosine with a part's rows is the product with their sum, over their number.
    std::vector<double> cosines;
    std::vector<double> counts;
    for (std::size_t part = 0; part < sums.rows; ++part) {
      cosines.push_back(product(known.vectors.row(i), sums.row(part)));
      counts.push_back(static_cast<double>(rows_of_part[part].size()));
    }
    for (const std::size_t j : members[known.groups[i]]) {
      cosines[parts[j]] -= product(known.vectors.row(i), known.vectors.row(j));
      counts[parts[j]] -= 1.0;
    }
    double nearest_other = std::numeric_limits<double>::infinity();
    for (std::size_t part = 0; part < sums.rows; ++part) {
      if (part == parts[i] || counts[part] == 0.0) continue;
      nearest_other = std::min(nearest_other, 1.0 - cosines[part] / counts[part]);
    }
    const double own = 1.0 - cosines[parts[i]] / counts[parts[i]];
    const bool alone = counts[parts[i]] == 0.0 || !std::isfinite(nearest_other);
    const double larger = std::max(own, nearest_other);
    silhouettes.push_back(alone || larger == 0.0 ? 0.0 : (nearest_other - own) / larger);
  }
  return silhouettes;
}

}  // namespace relax_spectro
