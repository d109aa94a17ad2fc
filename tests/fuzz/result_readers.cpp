#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "batch/batch_table.hpp"
#include "check/prediction_change.hpp"
#include "check/result_check.hpp"
#include "fuzz/fuzz_input.hpp"
#include "fuzz/readers.hpp"
#include "results/flip_result.hpp"
#include "results/sanity_file.hpp"

namespace relax_spectro::fuzz {
namespace {

using namespace std::string_view_literals;

void expect_result(const std::filesystem::path& path) {
  const Result result = read_result(path);
  expect(!result.explanation.windows.empty(), "a result has windows");
  for (const WindowSummary& window : result.explanation.windows) {
    expect(window.masks > 0, "a window has masks");
    expect(window.noise_to_contrast.value_or(0.0) >= 0.0, "noise is not negative");
  }
  expect(
      to_json(parse_explain_options(to_json(result.options), "options")) == to_json(result.options),
      "options that are read are written and read alike");
}

/// Writes the JSON of a bundle, which is its first file, with the arrays beside it.
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

void expect_map(const Array2d<double>& map, const Spectrogram& axes) {
  expect(map.rows == axes.frequency_hz.size() && map.columns == axes.time_s.size() &&
             map.values.size() == map.rows * map.columns,
         "maps are of the shape of the axes");
}

/// A different best class in every window must be reported with the window's place.
void expect_comparison(const Result& result) {
  Result other = result;
  for (WindowSummary& window : other.explanation.windows) {
    if (!window.heard.empty()) window.heard.front().label += " or another";
    if (!window.heard.empty()) window.heard.front().index += 1;
  }
  expect(differences(result, other).empty(), "what came out is not what was asked");
  const std::optional<PredictionChange> change = compare_predictions(result, other);
  if (!change) return;
  expect(change->changed_windows <= change->windows, "windows that changed are windows");
}

void expect_compared(const std::filesystem::path& path) {
  const Result result = read_compared(path);
  const Explanation& explanation = result.explanation;
  const Spectrogram& axes = explanation.spectrogram;
  expect(!axes.time_s.empty() && !axes.frequency_hz.empty(), "axes are not empty");
  for (const auto* array : {&explanation.saliency.importance, &explanation.contrast,
                            &explanation.saliency.standard_error}) {
    expect_map(*array, axes);
  }
  expect_map(compared_map(result).contrast_error, axes);
  expect_comparison(result);
  const ResultFacts facts = result_facts(result);
  expect(!facts.peak || (facts.peak->begin_s <= facts.peak->end_s &&
                         facts.peak->low_hz <= facts.peak->high_hz),
         "a peak's cell does not end before it begins");
}

void expect_figure(const std::filesystem::path& path) {
  Result result = read_result(path);
  read_arrays(path, {"spectrogram", "contrast", "uncertainty", "sizes"}, result.explanation);
  const Spectrogram& spectrogram = result.explanation.spectrogram;
  expect_map(converted<double>(spectrogram.values), spectrogram);
  expect_map(result.explanation.saliency.uncertainty, spectrogram);
}

void expect_flip(const std::filesystem::path& path) {
  FlipResult result = read_flip(path);
  expect(!result.flipping.curves.empty(), "a flipping has curves");
  read_curves(path, result.flipping);
  for (const FlipCurve& curve : result.flipping.curves) {
    expect(curve.scores.rows > 0 && curve.scores.columns == result.flipping.fraction.size() &&
               curve.scores.values.size() == curve.scores.rows * curve.scores.columns,
           "a curve has a score for each step");
  }
}

}  // namespace

void read_as_result_json(std::span<const std::uint8_t> bytes) {
  const auto file = write_input("input.json", bytes);
  attempt(file, expect_result);
  attempt(file, [](const auto& path) { static_cast<void>(is_result(path)); });
  attempt(file, [](const auto& path) { static_cast<void>(read_flip(path)); });
  attempt(file, [](const auto& path) { static_cast<void>(read_sanity_summary(path)); });
}

void read_as_result(std::span<const std::uint8_t> bytes) {
  static constexpr std::array kNames{"json"sv,           "importance"sv, "contrast"sv,
                                     "standard_error"sv, "time_s"sv,     "frequency_hz"sv,
                                     "spectrogram"sv,    "uncertainty"sv};
  const auto file = write_pair(bytes, kNames);
  attempt(file, expect_compared);
  attempt(file, expect_figure);
}

void read_as_flipping(std::span<const std::uint8_t> bytes) {
  static constexpr std::array kNames{"json"sv, "fraction"sv, "morf"sv, "random"sv, "quantus"sv};
  attempt(write_pair(bytes, kNames), expect_flip);
}

}  // namespace relax_spectro::fuzz
