#include "space/reach.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "base/finite_mean.hpp"
#include "files/csv_row.hpp"
#include "relax_spectro/base/version.hpp"
#include "space/space_scores.hpp"
#include "space/unit_vectors.hpp"

namespace relax_spectro {
namespace {

/// Distances and votes of copies, [recording][copy].
struct Moves {
  std::vector<std::vector<double>> distances;
  std::vector<std::vector<double>> kept;  // 1: the vote is the label
};

/// The rows of the embeddings that have a label, in order.
Rows rows_with_label(const ProbeData& data, const RecordingEmbeddings& embeddings) {
  Rows rows;
  for (std::size_t i = 0; i < embeddings.files.size(); ++i) {
    if (rows.size() < data.files.size() && embeddings.files[i] == data.files[rows.size()]) {
      rows.push_back(i);
    }
  }
  return rows;
}

void add_copy(Moves& moves, const Array2d<double>& vectors, const KnownRows& known,
              std::size_t count) {
  moves.distances.resize(vectors.rows);
  moves.kept.resize(vectors.rows);
  const std::vector<RowNeighbours> near = find_neighbours(known, count, vectors);
  for (std::size_t i = 0; i < vectors.rows; ++i) {
    moves.distances[i].push_back(1.0 - product(vectors.row(i), known.vectors.row(i)));
    moves.kept[i].push_back(vote_of(near[i], count, known.labels) == known.labels[i] ? 1.0 : 0.0);
  }
}

Reach reach_of(const Moves& moves, const Rows& rows, const KnownRows& known,
               const std::vector<RowNeighbours>& neighbours) {
  Reach reach;
  reach.recordings = rows.size();
  std::vector<double> ratios;
  std::vector<double> beyond;
  std::vector<std::size_t> groups;
  std::vector<double> kept;
  std::vector<std::size_t> groups_of_copies;
  for (const std::size_t i : rows) {
    for (const double vote : moves.kept[i]) {
      kept.push_back(vote);
      groups_of_copies.push_back(known.groups[i]);
    }
    if (!neighbours[i].other_label) continue;
    ratios.push_back(*core::lower_median(moves.distances[i]) /
                     (1.0 - neighbours[i].other_label->cosine));
    beyond.push_back(ratios.back() >= 1.0 ? 1.0 : 0.0);
    groups.push_back(known.groups[i]);
  }
  reach.copies = moves.kept[rows.front()].size();
  reach.median = core::lower_median(ratios).value_or(0.0);
  reach.beyond = core::finite_mean(beyond);
  reach.beyond_interval = wilson_interval(beyond, groups).value_or(Interval{0.0, 1.0});
  reach.kept = core::finite_mean(kept);
  reach.kept_interval = wilson_interval(kept, groups_of_copies).value();
  return reach;
}

}  // namespace

void for_each_copy(const std::vector<double>& mean, const ProbeData& data,
                   const RecordingEmbeddings& embeddings, const TakeCopies& take) {
  const Rows used = rows_with_label(data, embeddings);
  for (const CopyMeans& copy : embeddings.copies) {
    Array2d<double> rows;
    for (const std::size_t row : used) append_row(rows, copy.mean.row(row));
    take(copy.perturbation, unit_vectors(std::move(rows), mean));
  }
}

std::vector<Reach> study_reach(const KnownRows& known, const std::vector<double>& mean,
                               const std::vector<RowNeighbours>& neighbours, const ProbeData& data,
                               const RecordingEmbeddings& embeddings, std::size_t count) {
  std::vector<std::string> names;
  std::map<std::string, Moves> moves;
  for_each_copy(mean, data, embeddings, [&](const std::string& name, const auto& vectors) {
    if (!moves.contains(name)) names.push_back(name);
    add_copy(moves[name], vectors, known, count);
  });
  Rows all(known.labels.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  const std::vector<Rows> by_label = rows_of(known.labels);
  std::vector<Reach> reaches;
  for (const std::string& name : names) {
    for (std::size_t part = 0; part <= by_label.size(); ++part) {
      reaches.push_back(
          reach_of(moves[name], part == 0 ? all : by_label[part - 1], known, neighbours));
      reaches.back().perturbation = name;
      if (part > 0) reaches.back().label = data.labels[part - 1];
    }
  }
  return reaches;
}

std::string reach_csv(const std::vector<Reach>& reaches) {
  std::string text =
      "perturbation,label,recordings,copies,reach,beyond,beyond_low,beyond_high,kept,kept_low,"
      "kept_high,relax_spectro\n";
  for (const Reach& one : reaches) {
    core::CsvRow row;
    row.text(one.perturbation);
    row.text(one.label);
    row.count(one.recordings);
    row.count(one.copies);
    for (const double number :
         {one.median, one.beyond, one.beyond_interval.low, one.beyond_interval.high, one.kept,
          one.kept_interval.low, one.kept_interval.high}) {
      row.number(number);
    }
    row.text(std::string(version()));
    text += row.line();
  }
  return text;
}

std::string reach_text(const std::vector<Reach>& reaches) {
  std::string text;
  for (const Reach& one : reaches) {
    if (!one.label.empty()) continue;
    text += fmt::format(
        "{} moves recordings {:.2f} times as far as the nearest other label is; {:.0f} % that far or "
        "farther. {:.0f} % of copies keep the vote for their label.\n",
        one.perturbation, one.median, 100.0 * one.beyond, 100.0 * one.kept);
  }
  return text;
}

}  // namespace relax_spectro
