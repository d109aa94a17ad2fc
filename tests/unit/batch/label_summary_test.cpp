#include "batch/label_summary.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "files/npz.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/base/version.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

BatchRow row(const std::string& label, std::optional<double> noise, std::optional<double> gain) {
  static int number = 0;
  BatchRow row{fmt::format("{}{}.wav", label, number++), label};
  row.facts = ResultFacts{};
  row.facts->noise_to_contrast = noise;
  if (gain) row.flip = FlipFacts{*gain, 2.0 * *gain};
  return row;
}

/// A result with two bands and two frames, and all that a mean map needs.
std::filesystem::path write_map(const std::filesystem::path& stem, const std::vector<double>& map,
                                double last_frame_s = 1.0) {
  const std::vector<double> time_s{0.5, last_frame_s};
  const std::vector<double> frequency_hz{100.0, 200.0};
  NpzWriter writer;
  writer.add("contrast", {2, 2}, std::span<const double>(map));
  writer.add("spectrogram", {2, 2}, std::span<const double>(map));
  writer.add("time_s", {2}, std::span<const double>(time_s));
  writer.add("frequency_hz", {2}, std::span<const double>(frequency_hz));
  writer.write(stem.string() + ".npz");
  return stem.string() + ".json";
}

/// The end of each line.
std::string made_by() { return fmt::format(",{}\n", version()); }

}  // namespace

TEST_CASE("labels are summarised over the results that are there") {
  std::vector<BatchRow> rows{row("dog", 0.2, 0.1), row("dog", {}, 0.3), row("cat", 0.5, {}),
                             row("", 0.1, 0.1)};
  rows.push_back({"lost.wav", "dog", "", BatchStatus::failed});
  rows.push_back(rows.front());  // of another run: the recording counts once
  const auto labels = summarise_labels(rows);
  REQUIRE(labels.size() == 2);
  CHECK(labels[0].label == "cat");
  CHECK_FALSE(labels[0].over_loudness);
  CHECK(labels[1].files == 2);
  CHECK(labels[1].with_noise == 1);
  CHECK(labels[1].mean_noise_to_contrast == Approx(0.2));
  REQUIRE(labels[1].over_loudness);
  CHECK(labels[1].over_loudness->mean == Approx(0.2));
  CHECK(labels[1].with_gains == 2);
  CHECK(labels[1].over_chance->mean == Approx(0.4));
  CHECK(labels_csv(labels).find("\ncat,,1,1,0.5,0,,,,,," + made_by()) != std::string::npos);
}

TEST_CASE("a mean gain has an interval from five recordings on") {
  std::vector<BatchRow> rows;
  for (int i = 0; i < 4; ++i) rows.push_back(row("dog", {}, 0.25));
  CHECK(labels_csv(summarise_labels(rows)).find("\ndog,,4,0,,4,0.25,,,0.5,," + made_by()) !=
        std::string::npos);
  rows.push_back(row("dog", {}, 0.25));
  CHECK(labels_csv(summarise_labels(rows))
            .find("\ndog,,5,0,,5,0.25,0.25,0.25,0.5,0.5,0.5" + made_by()) != std::string::npos);
}

TEST_CASE("labels become file names, no two the same") {
  std::vector<LabelAndScore> labels{
      {"a/b", "top"}, {"a:b", "top"}, {"..", "top"}, {"dog", "top"}, {"Dog", "top"}};
  const auto names = label_file_names(labels);
  CHECK(names.at({"a/b", "top"}) == "a_b");
  CHECK(names.at({"a:b", "top"}) == "a_b_2");
  CHECK(names.at({"..", "top"}) == "_.");
  CHECK(names.at({"dog", "top"}) == "dog_2");
  labels.emplace_back("dog", "logit:Dog bark");
  CHECK(label_file_names(labels).at({"dog", "logit:Dog bark"}) == "dog_2@dog-bark");
  CHECK(label_file_names(labels).at({"dog", "top"}) == "dog_2@top");
}

TEST_CASE("a mean map is the mean and the spread of the maps that have a value") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const test::TemporaryFolder folder;
  const std::vector<std::filesystem::path> results{write_map(folder / "a", {1.0, 2.0, none, none}),
                                                   write_map(folder / "b", {3.0, 2.0, 5.0, none})};
  const MeanMap mean = mean_contrast(results);
  CHECK(mean.files == 2);
  CHECK(mean.contrast.values[0] == Approx(2.0));
  CHECK(mean.sd.values[0] == Approx(std::sqrt(2.0)));
  CHECK(mean.sd.values[1] == 0.0);
  CHECK(mean.contrast.values[2] == Approx(5.0));
  CHECK(std::isnan(mean.sd.values[2]));
  CHECK(std::isnan(mean.contrast.values[3]));
  write_mean_map(folder / "dog.mean.npz", mean, Overwrite::no);
  CHECK(read_npz(folder / "dog.mean.npz").at("files").values == std::vector<double>{2.0});
}

TEST_CASE("maps over other bins have no mean") {
  const test::TemporaryFolder folder;
  const std::vector<std::filesystem::path> results{
      write_map(folder / "a", {1.0, 2.0, 3.0, 4.0}),
      write_map(folder / "b", {1.0, 2.0, 3.0, 4.0}, 2.0)};
  CHECK_THROWS_AS(mean_contrast(results), IoError);
  CHECK_THROWS_WITH(mean_contrast(results), Catch::Contains("b.json") && Catch::Contains("a.json"));
}
