#include "compare/paired_results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/require.hpp"
#include "base/text.hpp"
#include "relax_spectro/base/error.hpp"
#include "results/result_folder.hpp"

namespace relax_spectro {
namespace {

namespace fs = std::filesystem;

/// The results in a folder, by their recording's SHA-256.
struct Folder {
  ModelResults model;
  std::map<std::string, fs::path> results;
};

Folder read_folder(const fs::path& path) {
  Folder folder;
  folder.model.folder = path;
  for (const NamedResult& named : named_results(std::array{path})) {
    const Result result = read_result(named.json_path);
    const std::string hashes = result.provenance.model_hashes();
    if (folder.results.empty()) {
      folder.model.model = result.card.name;
      folder.model.hashes = hashes;
    }
    if (hashes != folder.model.hashes) {
      throw IoError(fmt::format(
          "{}: made with another model than the results before it; expected a folder for each model",
          named.json_path.string()));
    }
    const auto [place, added] =
        folder.results.try_emplace(result.provenance.input.sha256, named.json_path);
    if (!added) {
      throw IoError(fmt::format(
          "{} and {}: results of the same recording; expected one of each, with a folder for each "
          "score",
          place->second.string(), named.json_path.string()));
    }
  }
  return folder;
}

/// Whether recordings have masks of their own, or none is random.
void require_own_masks(const Result& result, const fs::path& json_path) {
  const MaskOptions& masks = result.options.masks;
  if (masks.source() == MaskSource::swept) return;
  const bool is_own = masks.seed_by == SeedBy::recording && !result.provenance.masks_file;
  core::require(is_own,
                fmt::format("{}: all recordings have the same masks, so the errors of their maps "
                            "would look like a difference; make the results again with --seed-by "
                            "recording and without --masks-file",
                            json_path.string()));
}

/// The class of the first window that is measured, by name. Models may write it in another case.
std::string measured(const Result& result) {
  return core::lower_case(
      measured_class(result.card, result.explanation.windows.front()).value_or(""));
}

/// Counts what differs between pairs without being wrong.
class Notes {
 public:
  void add(const Result& a, const Result& b, const std::vector<std::string>& differences) {
    ++pairs_;
    for (const std::string& difference : differences) ++options_[difference];
    if (a.explanation.method.effective_seed != b.explanation.method.effective_seed) ++seeds_;
    if (measured(a) != measured(b)) ++classes_;
    for (const Result* result : {&a, &b}) {
      if (unresolved_windows(result->explanation) > 0) ++unresolved_[result == &b];
    }
  }

  [[nodiscard]] std::vector<std::string> texts(const Folder& a, const Folder& b) const {
    std::vector<std::string> notes;
    for (const auto& [folder, other] : {std::pair{&a, &b}, {&b, &a}}) {
      const std::size_t alone = folder->results.size() - pairs_;
      if (alone == 0) continue;
      notes.push_back(fmt::format("{} of {} recordings of {} are not in {}, and left out", alone,
                                  folder->results.size(), folder->model.folder.string(),
                                  other->model.folder.string()));
    }
    for (const auto& [difference, count] : options_) {
      notes.push_back(fmt::format("in {} recordings, {}", count, difference));
    }
    if (a.model.hashes == b.model.hashes) notes.emplace_back("both folders have the same model");
    if (seeds_ > 0) notes.emplace_back("the seeds differ, so the noise of masks does not cancel");
    if (classes_ > 0) {
      notes.push_back(
          fmt::format("in {} of {} recordings, the two maps are of different classes; name the "
                      "class with --score",
                      classes_, pairs_));
    }
    for (const bool is_b : {false, true}) {
      if (unresolved_[is_b] == 0) continue;
      notes.push_back(fmt::format("{} of {} maps of {} are not above their noise in some window",
                                  unresolved_[is_b], pairs_, (is_b ? b : a).model.folder.string()));
    }
    return notes;
  }

 private:
  std::size_t pairs_ = 0;
  std::map<std::string, std::size_t> options_;
  std::size_t seeds_ = 0;
  std::size_t classes_ = 0;
  std::array<std::size_t, 2> unresolved_{};
};

}  // namespace

PairedResults pair_by_recording(const fs::path& a, const fs::path& b, bool ignore_options) {
  const Folder first = read_folder(a);
  const Folder second = read_folder(b);
  PairedResults paired{first.model, second.model, {}, {}, {}};
  Notes notes;
  for (const auto& [sha256, json_path] : first.results) {
    const auto other = second.results.find(sha256);
    if (other == second.results.end()) continue;
    const Result of_a = read_result(json_path);
    const Result of_b = read_result(other->second);
    for (const auto& [result, path] : {std::pair{&of_a, json_path}, {&of_b, other->second}}) {
      require_own_masks(*result, path);
    }
    const std::vector<std::string> found =
        differences(of_a, of_b, {Ignored::seed, Ignored::model, Ignored::beside, Ignored::outcome});
    core::require(found.empty() || ignore_options,
                  fmt::format("{} and {}: made differently: {}; make them again with the same "
                              "options, or compare them with --ignore-options",
                              json_path.string(), other->second.string(), fmt::join(found, "; ")));
    notes.add(of_a, of_b, found);
    paired.score = to_string(of_a.options.score);
    paired.pairs.push_back({of_a.provenance.input, json_path, other->second});
  }
  core::require(!paired.pairs.empty(),
                fmt::format("{} and {}: have no recording in common; expected results of the same "
                            "recordings",
                            a.string(), b.string()));
  paired.notes = notes.texts(first, second);
  return paired;
}

}  // namespace relax_spectro
