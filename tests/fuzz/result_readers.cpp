#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "fuzz/fuzz_input.hpp"
#include "fuzz/readers.hpp"
#include "relax_spectro/batch/batch_table.hpp"
#include "relax_spectro/check/prediction_change.hpp"
#include "relax_spectro/results/flip_file.hpp"
#include "relax_spectro/results/result_map.hpp"
#include "relax_spectro/results/result_reader.hpp"
#include "relax_spectro/results/sanity_file.hpp"
#include "relax_spectro/results/stored_explanation.hpp"
#include "relax_spectro/results/stored_map.hpp"

namespace relax_spectro::fuzz {
namespace {

using namespace std::string_view_literals;

void expect_summary(const std::filesystem::path& path) {
  const ResultSummary summary = read_result_summary(path);
  expect(!summary.windows.empty(), "a result has windows");
  for (const ResultWindow& window : summary.windows) {
    expect(window.masks > 0, "a window has masks");
    expect(window.noise_to_contrast.value_or(0.0) >= 0.0, "noise is not negative");
  }
}

/// Writes the JSON of a bundle, the first of its files, and its arrays beside it.
std::filesystem::path write_pair(Bytes bytes, std::span<const std::string_view> names) {
  std::vector<NamedBytes> arrays = split_bundle(bytes, names);
  Bytes json;
  for (const auto& [name, content] : arrays) {
    if (name == names.front()) json = content;
  }
  std::erase_if(arrays, [&names](const auto& file) { return file.first == names.front(); });
  static_cast<void>(write_npz_input("input.npz", arrays));
  return write_input("input.json", json);
}

void expect_map(const Array2d<double>& map, const StoredMap& result) {
  expect(map.rows == result.frequency_hz.size() && map.columns == result.time_s.size() &&
             map.values.size() == map.rows * map.columns,
         "maps are of the shape of the axes");
}

/// Another best class in every window is told with its window's place.
void expect_comparison(const StoredMap& map) {
  StoredMap other = map;
  for (std::vector<HeardClass>& heard : other.predictions.windows) {
    if (!heard.empty()) heard.front().label += " or another";
    if (!heard.empty()) heard.front().index += 1;
  }
  const std::optional<PredictionChange> change = compare_predictions(map, other);
  if (!change) return;
  expect(change->changed_windows <= change->windows && change->begin_s <= change->end_s,
         "a window that changed does not end before it begins");
}

void expect_stored_map(const std::filesystem::path& path) {
  const StoredMap map = read_stored_map(path);
  expect(!map.time_s.empty() && !map.frequency_hz.empty(), "axes are not empty");
  for (const auto* array :
       {&map.importance, &map.contrast, &map.standard_error, &map.contrast_error}) {
    expect_map(*array, map);
  }
  expect(map.question.contains("windows"), "the windows are a part of the question");
  expect_comparison(map);
}

void expect_facts(const std::filesystem::path& path) {
  const ResultFacts facts = result_facts(path);
  expect(facts.windows > 0, "a result has windows");
  expect(!facts.peak || (facts.peak->begin_s <= facts.peak->end_s &&
                         facts.peak->low_hz <= facts.peak->high_hz),
         "a peak's cell does not end before it begins");
}

void expect_explanation(const std::filesystem::path& path) {
  const Explanation explanation = read_explanation(path);
  const Spectrogram& spectrogram = explanation.spectrogram;
  expect(!explanation.windows.empty(), "a result has windows");
  expect(spectrogram.values.rows == spectrogram.frequency_hz.size() &&
             spectrogram.values.columns == spectrogram.time_s.size() &&
             explanation.contrast.values.size() == spectrogram.values.values.size(),
         "maps are of the shape of the axes");
}

void expect_flipping(const std::filesystem::path& path) {
  const StoredFlipping flipping = read_flipping(path);
  expect(!flipping.curves.empty(), "a flipping has curves");
  for (const StoredCurve& curve : flipping.curves) {
    expect(curve.scores.rows > 0 && curve.scores.columns == flipping.fraction.size() &&
               curve.scores.values.size() == curve.scores.rows * curve.scores.columns,
           "a curve has a score for each step");
  }
}

}  // namespace

void read_as_result_json(std::span<const std::uint8_t> bytes) {
  const auto file = write_input("input.json", bytes);
  attempt(file, expect_summary);
  attempt(file, [](const auto& path) { static_cast<void>(is_result(path)); });
  attempt(file, [](const auto& path) { static_cast<void>(read_recorded_run(path)); });
  attempt(file, [](const auto& path) { static_cast<void>(read_flip_summary(path)); });
  attempt(file, [](const auto& path) { static_cast<void>(read_sanity_summary(path)); });
}

void read_as_result(std::span<const std::uint8_t> bytes) {
  static constexpr std::array kNames{"json"sv,           "importance"sv, "contrast"sv,
                                     "standard_error"sv, "time_s"sv,     "frequency_hz"sv,
                                     "spectrogram"sv,    "uncertainty"sv};
  const auto file = write_pair(bytes, kNames);
  attempt(file, expect_stored_map);
  attempt(file, expect_facts);
  attempt(file, expect_explanation);
}

void read_as_flipping(std::span<const std::uint8_t> bytes) {
  static constexpr std::array kNames{"json"sv, "fraction"sv, "morf"sv, "random"sv, "quantus"sv};
  attempt(write_pair(bytes, kNames), expect_flipping);
}

}  // namespace relax_spectro::fuzz
