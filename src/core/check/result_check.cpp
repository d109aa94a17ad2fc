#include "check/result_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <memory>
#include <system_error>
#include <utility>

#include "base/enum_names.hpp"
#include "base/require.hpp"
#include "check/flip_change.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "results/result_folder.hpp"

namespace relax_spectro {
namespace {

namespace fs = std::filesystem;

constexpr core::EnumNames kStatuses{
    "status", std::array{std::pair{CheckStatus::same, std::string_view("same")},
                         std::pair{CheckStatus::changed, std::string_view("changed")},
                         std::pair{CheckStatus::other, std::string_view("made differently")},
                         std::pair{CheckStatus::missing, std::string_view("missing")},
                         std::pair{CheckStatus::added, std::string_view("new")},
                         std::pair{CheckStatus::unreadable, std::string_view("unreadable")}}};

/// Adds a reason for each measure beyond its limit.
void tell_changes(const MapComparison& map, std::vector<std::string>& reasons) {
  if (!map.correlates()) {
    reasons.push_back(map.correlation.value
                          ? fmt::format("correlation {:.3f}, expected {:.3f} or more",
                                        *map.correlation.value, *map.correlation.limit)
                          : "no correlation: one of the maps is constant");
  }
  if (!map.differs_at_most()) {
    reasons.push_back(fmt::format("a difference of {:.1f} standard errors, expected {:.1f} at most",
                                  *map.standard_errors.value, *map.standard_errors.limit));
  }
  if (!map.stays_in_time()) {
    reasons.push_back(fmt::format("its centre moved by {:+.3f} s, expected {:.3f} s at most",
                                  *map.shift_s.value, *map.shift_s.limit));
  }
  if (!map.stays_in_frequency()) {
    reasons.push_back(fmt::format("its centre moved by {:+.0f} Hz, expected {:.0f} Hz at most",
                                  *map.shift_hz.value, *map.shift_hz.limit));
  }
}

bool same_shape(const Spectrogram& a, const Spectrogram& b) {
  return a.time_s.size() == b.time_s.size() && a.frequency_hz.size() == b.frequency_hz.size();
}

/// Whether two axes are equal up to rounding.
bool same_axis(const std::vector<double>& a, const std::vector<double>& b) {
  const double tolerance = 1e-6 * (std::abs(a.back()) + std::abs(a.front()));
  return std::ranges::equal(
      a, b, [tolerance](double x, double y) { return std::abs(x - y) <= tolerance; });
}

/// Differences in how two results were made, one line each.
std::vector<std::string> differences_of(const Result& baseline, const Result& current) {
  std::vector<std::string> all =
      differences(baseline, current, {Ignored::seed, Ignored::model, Ignored::beside});
  const Spectrogram& a = baseline.explanation.spectrogram;
  const Spectrogram& b = current.explanation.spectrogram;
  if (!same_shape(a, b)) {
    all.push_back(fmt::format("shape was {}x{}, is {}x{} (bands x frames)", a.frequency_hz.size(),
                              a.time_s.size(), b.frequency_hz.size(), b.time_s.size()));
  } else if (!same_axis(a.time_s, b.time_s)) {
    all.emplace_back("the frames are at other times");
  } else if (!same_axis(a.frequency_hz, b.frequency_hz)) {
    all.emplace_back("the bands are at other frequencies");
  }
  return all;
}

void check_both(const ResultPair& pair, const CheckOptions& options, std::size_t pairs,
                CheckedResult& checked) {
  const Result baseline = read_compared(*pair.baseline);
  const Result current = read_compared(*pair.current);
  const std::vector<std::string> differences = differences_of(baseline, current);
  checked.prediction = compare_predictions(baseline, current);
  if (checked.prediction && checked.prediction->is_change()) {
    checked.reasons.push_back(to_string(*checked.prediction));
  }
  const ComparedMap before = compared_map(baseline);
  const ComparedMap now = compared_map(current);
  if (same_shape(baseline.explanation.spectrogram, current.explanation.spectrogram)) {
    ComparisonLimits limits = options.limits;
    limits.false_alarms /= static_cast<double>(pairs);
    checked.map = compare_maps(before, now, limits);
  }
  const bool comparable = checked.map && (differences.empty() || options.ignore_options);
  if (!comparable) {
    checked.status = CheckStatus::other;
    std::ranges::copy(differences, std::back_inserter(checked.reasons));
    return;
  }
  checked.notes = differences;
  for (const ComparedMap* map : {&before, &now}) {
    if (map->cells == 0 || map->degrees_of_freedom > 0) continue;
    checked.notes.push_back(
        fmt::format("the {} map has too few masks for standard errors: "
                    "it is judged as if it had no noise",
                    map == &before ? "baseline's" : "current"));
  }
  tell_changes(*checked.map, checked.reasons);
  const core::FlipChange flip =
      core::compare_flips(*pair.baseline, *pair.current, options.most_flip_change);
  checked.flip = flip.gap;
  if (!flip.note.empty()) checked.notes.push_back("faithfulness not compared: " + flip.note);
  if (flip.gap && std::abs(*flip.gap->value) > *flip.gap->limit) {
    checked.reasons.push_back(
        fmt::format("faithfulness changed by {:+.3g}, expected {:.3g} at most", *flip.gap->value,
                    *flip.gap->limit));
  }
  if (!checked.reasons.empty()) checked.status = CheckStatus::changed;
}

}  // namespace

std::string_view to_string(CheckStatus status) { return kStatuses.name_of(status); }

Result read_compared(const fs::path& json_path) {
  Result result = read_result(json_path);
  if (result.options.masks.grid.adaptive) {
    throw IoError(fmt::format(
        "{}: made by --grid adaptive, whose cells differ from run to run; check needs maps of "
        "equal cells, such as --grid 7x7",
        json_path.string()));
  }
  read_arrays(json_path, {"importance", "contrast", "standard_error"}, result.explanation);
  return result;
}

void CheckOptions::validate() const {
  limits.validate();
  core::require(
      !most_flip_change || (std::isfinite(*most_flip_change) && *most_flip_change >= 0.0),
      fmt::format("--max-flip-change is {}; expected 0 or more", most_flip_change.value_or(0.0)));
}

std::vector<ResultPair> pair_results(const fs::path& baseline, const fs::path& current) {
  for (const fs::path& path : {baseline, current}) {
    if (!fs::exists(path)) throw IoError(fmt::format("{}: no such file or folder", path.string()));
  }
  const bool folders = fs::is_directory(baseline);
  core::require(folders == fs::is_directory(current),
                fmt::format("{} is a {}, {} is not; expected two folders or two results",
                            baseline.string(), folders ? "folder" : "file", current.string()));
  if (!folders) return {{baseline.stem().string(), baseline, current}};
  std::map<std::string, ResultPair> pairs;
  for (const auto& [name, path] : results_in(baseline)) pairs[name] = {name, path, std::nullopt};
  for (const auto& [name, path] : results_in(current)) {
    pairs[name].name = name;
    pairs[name].current = path;
  }
  if (pairs.empty()) {
    throw IoError(
        fmt::format("{}, {}: hold no result; expected folders that relax-spectro explain wrote to",
                    baseline.string(), current.string()));
  }
  std::vector<ResultPair> list;
  for (auto& [name, pair] : pairs) list.push_back(std::move(pair));
  return list;
}

CheckedResult check_pair(const ResultPair& pair, const CheckOptions& options, std::size_t pairs) {
  options.validate();
  CheckedResult checked;
  checked.name = pair.name;
  try {
    if (!pair.current) {
      checked.status = CheckStatus::missing;
      checked.reasons = {"in the baseline only"};
    } else if (!pair.baseline) {
      checked.status = CheckStatus::added;
      checked.reasons = {"not in the baseline"};
      static_cast<void>(read_compared(*pair.current));
    } else {
      check_both(pair, options, pairs, checked);
    }
  } catch (const IoError& error) {
    checked.status = CheckStatus::unreadable;
    checked.reasons = {error.what()};
  }
  return checked;
}

std::vector<fs::path> accept_result(const ResultPair& pair, const fs::path& folder) {
  constexpr std::array kFiles{".npz",        ".flip.npz",    ".flip.json",
                              ".sanity.npz", ".sanity.json", ".json"};
  constexpr std::array kFigures{".png",        ".svg",        ".pdf",
                                ".flip.png",   ".flip.svg",   ".flip.pdf",
                                ".sanity.png", ".sanity.svg", ".sanity.pdf"};
  fs::path source = *pair.current;
  fs::path target = pair.baseline.value_or(folder / (pair.name + ".json"));
  source.replace_extension();
  target.replace_extension();
  std::vector<fs::path> written;
  std::vector<std::unique_ptr<OutputFile>> outputs;
  const auto copy = [&](const std::string& ending) {
    const fs::path from = source.string() + ending;
    written.emplace_back(target.string() + ending);
    outputs.push_back(std::make_unique<OutputFile>(written.back(), Overwrite::yes));
    std::error_code error;
    fs::copy_file(from, outputs.back()->temporary_path(), error);
    if (error) {
      throw IoError(fmt::format("{}: cannot be copied to {}: {}", from.string(),
                                written.back().string(), error.message()));
    }
  };
  // A figure is copied only over one of the baseline, which would otherwise show the old map.
  for (const std::string ending : kFigures) {
    if (is_own_file(target.string() + ending) && is_own_file(source.string() + ending))
      copy(ending);
  }
  for (const std::string ending : kFiles) {
    if (fs::exists(source.string() + ending)) copy(ending);
  }
  const auto drop_stale = [&](const std::string& ending) {
    if (fs::exists(source.string() + ending) || !is_own_file(target.string() + ending)) return;
    OutputFile(target.string() + ending, Overwrite::yes).clear_place();
  };
  outputs.back()->clear_place();  // Note [The JSON is there only where the result is whole]
  std::ranges::for_each(kFigures, drop_stale);
  std::ranges::for_each(kFiles, drop_stale);
  for (const auto& output : outputs) output->commit();
  return written;
}

}  // namespace relax_spectro
