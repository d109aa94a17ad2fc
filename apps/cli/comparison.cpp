#include "cli/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "evaluation/complexity.hpp"
#include "evaluation/localisation.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro::cli {
namespace {

void require_label(const BoxTable& table, const std::string& label) {
  std::set<std::string> labels;
  for (const AnnotatedBox& box : table.boxes) labels.insert(box.label);
  if (labels.contains(label)) return;
  throw ConfigError(fmt::format("--label is '{}', which no box of {} has; expected one of: {}",
                                label, table.path.string(), fmt::join(labels, ", ")));
}

/// The recordings of the results that can be read. Later, the others give errors.
std::vector<SourceFile> recordings_of(const std::vector<std::filesystem::path>& results) {
  std::vector<SourceFile> recordings;
  for (const std::filesystem::path& result : results) {
    try {
      recordings.push_back(read_result(result).provenance.input);
    } catch (const IoError&) {
    }
  }
  return recordings;
}

/// How loud each bin is above the quietest, where the map has a value.
std::vector<double> loudness_of(const Spectrogram& spectrogram, const Array2d<double>& map) {
  const std::vector<float>& values = spectrogram.values.values;
  std::vector<double> loudness(values.begin(), values.end());
  const double quietest = *std::ranges::min_element(loudness);
  for (std::size_t i = 0; i < loudness.size(); ++i) {
    loudness[i] = std::isfinite(map.values[i]) ? loudness[i] - quietest
                                               : std::numeric_limits<double>::quiet_NaN();
  }
  return loudness;
}

}  // namespace

Comparison::Comparison(ComparisonOptions options, const TalkOptions& talk)
    : options_(std::move(options)), talk_(&talk), table_(read_boxes(options_.boxes)) {
  if (options_.label) require_label(table_, *options_.label);
}

ComparedResults Comparison::compare(const std::vector<std::filesystem::path>& results) const {
  const RecordingBoxes boxes(table_, recordings_of(results));
  ComparedResults compared;
  compared.exit_code = for_each_input(
      results, [&](std::size_t i) { compared.rows.push_back(row_of(results[i], boxes)); });
  return compared;
}

LocalisationRow Comparison::row_of(const std::filesystem::path& result_path,
                                   const RecordingBoxes& all_boxes) const {
  Result result = read_result(result_path);
  const Provenance& made_from = result.provenance;
  std::vector<AnnotatedBox> boxes = all_boxes.of(made_from.input);
  if (options_.label) {
    boxes = boxes_labelled(boxes, *options_.label);
    if (boxes.empty()) {
      talk_->warn(result_path, fmt::format("no box is labelled '{}'", *options_.label));
    }
  }
  if (made_from.audio.begin_s || made_from.audio.end_s) {
    boxes = boxes_between(boxes, made_from.audio.begin_s.value_or(0.0), made_from.input_end_s());
    if (boxes.empty()) talk_->warn(result_path, "no box lies in the part that was explained");
  }
  const Array2d<double> map = read_map(result_path, options_.map);
  read_arrays(result_path, {"spectrogram"}, result.explanation);
  const Spectrogram& spectrogram = result.explanation.spectrogram;
  const Array2d<std::uint8_t> inside =
      bins_inside(boxes,
                  {spectrogram.time_s, spectrogram.frequency_hz, made_from.input_end_s(),
                   0.5 * made_from.input_sample_rate_hz},
                  table_.path);
  const LocalisationOptions taken_with{options_.top_k, RelevanceMass::positive_values};
  LocalisationRow row{result_path, options_.map, boxes.size(), {}, {}, {}};
  row.localisation = localise(map.values, inside.values, taken_with);
  row.loudness = localise(loudness_of(spectrogram, map), inside.values, taken_with);
  row.complexity = complexity_of(map.values);
  return row;
}

std::string localisation_verdict(std::span<const LocalisationRow> rows, const std::string& map) {
  std::size_t compared = 0;
  std::size_t beaten = 0;
  for (const LocalisationRow& row : rows) {
    const std::optional<bool> beats = beats_loudness(row);
    if (beats) ++compared;
    if (beats.value_or(false)) ++beaten;
  }
  return fmt::format(
      "in {} of {} recordings the {} has more of its mass in the boxes than loudness has", beaten,
      compared, map);
}

}  // namespace relax_spectro::cli
