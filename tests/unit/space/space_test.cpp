#include "space/space.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/draw_stream.hpp"
#include "space/tsne.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// Unit vectors of two columns, at these angles.
KnownRows rows_at(const std::vector<double>& degrees, std::vector<std::size_t> labels,
                  std::vector<std::size_t> groups) {
  KnownRows known{Array2d<double>(degrees.size(), 2), std::move(labels), std::move(groups)};
  for (std::size_t i = 0; i < degrees.size(); ++i) {
    known.vectors(i, 0) = std::cos(degrees[i] * 3.14159265358979 / 180.0);
    known.vectors(i, 1) = std::sin(degrees[i] * 3.14159265358979 / 180.0);
  }
  return known;
}

/// Groups of three recordings with one label. Some directions depend on the label.
ProbeData data_of(std::uint64_t seed, double effect) {
  constexpr std::size_t kRecordings = 90;
  constexpr std::size_t kSize = 8;
  ProbeData data;
  data.rows.features = Array2d<double>(kRecordings, kSize);
  data.rows.class_count = 3;
  data.labels = {"owl", "tit", "wren"};
  core::DrawStream draws(seed, 0, core::DrawsFor::added_noise);
  for (std::size_t i = 0; i < kRecordings; ++i) {
    data.files.push_back(std::to_string(i));
    data.rows.groups.push_back(i / 3);
    data.rows.classes.push_back(i / 3 % 3);
    for (std::size_t c = 0; c < kSize; ++c) {
      data.rows.features(i, c) = core::normal_pair(draws)[0] + (c == i / 3 % 3 ? effect : 0.0);
      if (c > 3 && i % 3 != 0) data.rows.features(i, c) = data.rows.features(i - 1, c);
    }
    if (i % 3 == 0) data.groups.push_back(std::to_string(i / 3));
  }
  return data;
}

}  // namespace

TEST_CASE("neighbours are of other groups, and equals come in order") {
  const KnownRows known = rows_at({0, 1, 20, -20, 90}, {0, 0, 1, 0, 1}, {3, 3, 0, 1, 2});
  const std::vector<RowNeighbours> found = find_neighbours(known, 2);
  REQUIRE(found[0].nearest.size() == 2);
  CHECK(found[0].nearest[0].row == 2);
  CHECK(found[0].nearest[1].row == 3);
  CHECK(found[0].nearest[0].cosine == Approx(std::cos(20.0 * 3.14159265358979 / 180.0)));
  CHECK(found[0].same_label->row == 3);
  CHECK(found[0].other_label->row == 2);
  CHECK(found[4].nearest[0].row == 2);
  CHECK(find_neighbours(known, 9)[4].nearest.size() == 4);
}

TEST_CASE("a softer and later copy of a sound is its twin, and another sound is not") {
  core::DrawStream draws(1, 0, core::DrawsFor::added_noise);
  std::vector<float> sound;
  std::vector<float> other;
  for (std::size_t i = 0; i < 4000; ++i) {
    const auto [a, b] = core::normal_pair(draws);
    sound.push_back(static_cast<float>(a));
    other.push_back(static_cast<float>(b));
  }
  std::vector<float> copy(100, 0.0F);
  for (std::size_t i = 0; i < 3900; ++i) copy.push_back(0.1F - 0.5F * sound[i]);
  CHECK(greatest_correlation(sound, copy) == Approx(0.98).margin(0.02));
  CHECK(greatest_correlation(sound, other) < 0.1);
  CHECK(greatest_correlation(sound, std::vector<float>(10, 1.0F)) == 0.0);
}

TEST_CASE("purity counts neighbours, and exchanged labels tell what is chance") {
  const Space space = study_space(data_of(1, 6.0), {}, {}, {});
  CHECK(space.purity.value > 0.9);
  CHECK(space.purity.chance == Approx(27.0 / 87.0).margin(0.03));
  CHECK(space.purity.p == Approx(0.001));
  CHECK(space.purity.vote_accuracy > 0.9);
  CHECK(space.label_cosines(0, 0) == Approx(1.0));
  CHECK(space.label_cosines(0, 1) < 0.0);
  CHECK(space.label_order.size() == 3);
  CHECK(study_space(data_of(1, 0.0), {}, {}, {}).purity.p > 0.01);
}

TEST_CASE("small labels that lie apart win their votes, and all are named") {
  ProbeData data;
  data.labels = {"owl", "tit", "wren", "jay"};
  data.rows.class_count = 4;
  data.rows.features = Array2d<double>(16, 4);
  RecordingEmbeddings embeddings;
  for (std::size_t i = 0; i < 16; ++i) {
    data.files.push_back(std::to_string(i));
    data.groups.push_back(std::to_string(i));
    data.rows.groups.push_back(i);
    data.rows.classes.push_back(i / 4);
    data.rows.features(i, i / 4) = 10.0;
    for (std::size_t c = 0; c < 4; ++c) {
      data.rows.features(i, c) += 0.1 * static_cast<double>(i * (c + 3) % 7);
    }
  }
  embeddings.files = data.files;
  embeddings.copies.push_back({"gain:-6dB", 0, data.rows.features});
  const Space space = study_space(data, embeddings, {}, {});
  CHECK(space.purity.value == Approx(0.3));
  CHECK(space.purity.voters == 3);
  CHECK(space.purity.vote_accuracy == 1.0);
  CHECK(bridges_of(space).empty());
  CHECK(space.reaches.front().kept == 1.0);
  CHECK_THAT(space_text(space, data), Catch::Contains("owl 3, tit 3, wren 3, jay 3.") &&
                                          Catch::Contains("only the nearest 3 vote"));
}

TEST_CASE("equal embeddings are twins, though they are all there are") {
  ProbeData data;
  data.labels = {"owl"};
  data.rows.class_count = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    data.files.push_back(std::to_string(i));
    data.groups.push_back(std::to_string(i));
    data.rows.groups.push_back(i);
    data.rows.classes.push_back(0);
    append_row(data.rows.features, std::vector<double>{3.0, 6.0, 1.5});  // less their mean: 0
  }
  CHECK(study_space(data, {}, {}, {}).twins.size() == 3);
}

TEST_CASE("t-SNE refuses more recordings than it can place, before it begins") {
  ProbeData data;
  data.rows.features = Array2d<double>(kMostTsneRows + 1, 1);
  data.files.resize(kMostTsneRows + 1);
  data.groups = {"a", "b"};
  CHECK_THROWS_WITH(study_space(data, {}, {}, {.projection = Projection::tsne}),
                    Catch::Contains("there are 5001 recordings, expected at most 5000"));
}

TEST_CASE("copies lie along the axes of the recordings") {
  Array2d<double> vectors(3, 2);
  vectors.values = {0.0, 0.0, 4.0, 0.0, 2.0, 3.0};
  const PrincipalAxes axes = principal_axes(vectors);
  Array2d<double> copy(1, 2);
  copy.values = {2.0, 1.0};  // the mean
  CHECK(std::abs(axes.points_of(copy)(0, 0)) < 1e-12);
  copy.values = {2.0 + axes.axes(0, 0), 1.0 + axes.axes(0, 1)};
  CHECK(axes.points_of(copy)(0, 0) == Approx(1.0));
}

TEST_CASE("recordings of one group do not make a silhouette better") {
  const std::vector<std::size_t> labels{0, 0, 0, 1, 1};
  const std::vector<double> alone =
      silhouettes(rows_at({0, 5, 40, 90, 95}, labels, {0, 1, 2, 3, 4}), labels);
  const std::vector<double> grouped =
      silhouettes(rows_at({0, 5, 40, 90, 95}, labels, {0, 0, 2, 3, 4}), labels);
  CHECK(grouped[0] < alone[0]);
  CHECK(grouped[2] == Approx(alone[2]));
  CHECK(silhouettes(rows_at({0, 5, 40}, {0, 1, 1}, {0, 1, 2}),
                    std::vector<std::size_t>{0, 1, 1})[0] == 0.0);
}

TEST_CASE("hubness is the skewness of how often rows are neighbours") {
  CHECK(hubness_of(std::vector<std::size_t>{1, 1, 1, 1}) == 0.0);
  CHECK(hubness_of(std::vector<std::size_t>{0, 0, 0, 4}) == Approx(1.1547).margin(1e-4));
}

TEST_CASE("p values of labels without a meaning are uniform", "[.coverage]") {
  constexpr int kSeeds = 200;
  std::vector<double> p;
  for (int seed = 0; seed < kSeeds; ++seed) {
    const ProbeData data = data_of(static_cast<std::uint64_t>(seed), 0.0);
    const KnownRows known{unit_vectors(data.rows.features).rows, data.rows.classes,
                          data.rows.groups};
    p.push_back(purity_of(find_neighbours(known, 10), known, 10, 0).p);
  }
  std::ranges::sort(p);
  double largest = 0.0;  // Kolmogorov and Smirnov's distance
  for (int i = 0; i < kSeeds; ++i) {
    const double value = p[static_cast<std::size_t>(i)];
    largest = std::max({largest, value - static_cast<double>(i) / kSeeds,
                        static_cast<double>(i + 1) / kSeeds - value});
  }
  WARN("largest distance from a uniform distribution " << largest);
  CHECK(largest < 1.358 / std::sqrt(kSeeds));  // at 5 %
}
