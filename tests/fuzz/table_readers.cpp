#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <string>

#include "batch/batch_table.hpp"
#include "batch/recording_list.hpp"
#include "evaluation/recording_boxes.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/readers.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::fuzz {
namespace {

void expect_box(const AnnotatedBox& box) {
  expect(std::isfinite(box.start_s) && box.start_s >= 0.0, "a box begins at 0 s or later");
  expect(std::isfinite(box.end_s) && box.end_s > box.start_s, "a box ends after it began");
  expect(box.low_hz >= 0.0 && box.high_hz > box.low_hz, "a box has a height");
}

void expect_boxes(const std::filesystem::path& path) {
  const BoxTable table = read_boxes(path);
  expect(!table.boxes.empty(), "a table has boxes");
  std::ranges::for_each(table.boxes, expect_box);
  const SourceFile dog{"night/dog.wav", "1"};
  const std::vector<AnnotatedBox> boxes =
      RecordingBoxes(table, std::vector{dog, SourceFile{"day/dog.wav", "2"}}).of(dog);
  expect(!boxes.empty(), "a recording has boxes");
  constexpr std::array kTimes{0.0, 0.5, 1.0};
  constexpr std::array kFrequencies{100.0, 1000.0};
  const auto inside = bins_inside(boxes, {kTimes, kFrequencies, 1.5, 4000.0}, path);
  expect(std::ranges::count(inside.values, 1) > 0, "no box is lost");
}

void expect_recordings(const std::filesystem::path& path) {
  const std::vector<ListedRecording> recordings = list_recordings(std::span(&path, 1)).recordings;
  expect(!recordings.empty(), "a list names recordings");
  std::vector<std::filesystem::path> stems;
  try {
    stems = result_stems(recordings);
  } catch (const ConfigError&) {
    return;  // two files with the same name: an error, not a list
  }
  expect(stems.size() == recordings.size(), "each recording has a result");
  for (const std::filesystem::path& stem : stems) {
    const std::filesystem::path result = stem.string() + ".json";
    expect(result.is_relative() && std::ranges::count(result, "..") == 0,
           "results lie below the output folder");
  }
  std::vector<std::filesystem::path> sorted = stems;
  std::ranges::sort(sorted);
  expect(std::ranges::adjacent_find(sorted) == sorted.end(), "no two results are one");
}

void expect_batch_table(const std::filesystem::path& path) {
  const std::string text = batch_csv(read_batch_table(path));
  const auto copy = path.parent_path() / "copy.csv";
  std::ofstream(copy, std::ios::binary) << text;
  expect(batch_csv(read_batch_table(copy)) == text, "a table reads back as it was written");
}

}  // namespace

void read_as_boxes(std::span<const std::uint8_t> bytes) {
  attempt(write_input("input.csv", bytes), expect_boxes);
}

void read_as_recording_list(std::span<const std::uint8_t> bytes) {
  const bool is_table = !bytes.empty() && (bytes[0] == 'f' || bytes[0] == '"' || bytes[0] == 0xff);
  const auto file = write_input(is_table ? "input.csv" : "input.txt", bytes);
  attempt(file, expect_recordings);
  if (is_table) attempt(file, expect_batch_table);
}

}  // namespace relax_spectro::fuzz
