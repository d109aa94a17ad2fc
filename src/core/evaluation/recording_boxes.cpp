#include "evaluation/recording_boxes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

#include "files/name_match.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

std::set<std::string> names_in(const BoxTable& table) {
  std::set<std::string> names;
  for (const AnnotatedBox& box : table.boxes) names.insert(box.recording);
  return names;
}

[[noreturn]] void fail_without_boxes(const BoxTable& table,
                                     const std::filesystem::path& recording) {
  constexpr std::size_t kShown = 5;
  const std::set<std::string> names = names_in(table);
  const auto shown_end =
      std::next(names.begin(), static_cast<std::ptrdiff_t>(std::min(kShown, names.size())));
  throw IoError(fmt::format(
      "{}: has no boxes for {}, only for {}{}; "
      "expected the recording's file name in the file column",
      table.path.string(), recording.string(), fmt::join(names.begin(), shown_end, ", "),
      shown_end == names.end() ? "" : ", …"));
}

void require_one(const BoxTable& table, std::span<const SourceFile> recordings) {
  const auto other = std::ranges::find_if(recordings, [&](const SourceFile& recording) {
    return recording.sha256 != recordings.front().sha256;
  });
  if (table.names_recordings || other == recordings.end()) return;
  throw ConfigError(fmt::format(
      "{}: does not name the recordings of its boxes, but results for {} and {} were given; "
      "expected a column that names the file (file, Begin Path or Begin File)",
      table.path.string(), recordings.front().path.string(), other->path.string()));
}

}  // namespace

struct RecordingBoxes::Impl {
  BoxTable table;
  core::RecordingNames names;
};

RecordingBoxes::RecordingBoxes(BoxTable table, std::span<const SourceFile> recordings) {
  require_one(table, recordings);
  const std::set<std::string> names = names_in(table);
  const std::filesystem::path path = table.path;
  // NOLINTNEXTLINE(modernize-make-unique): Clang 14 makes no aggregates in it
  impl_.reset(new Impl{std::move(table), core::RecordingNames(names, recordings, path)});
}

RecordingBoxes::~RecordingBoxes() = default;

std::vector<AnnotatedBox> RecordingBoxes::of(const SourceFile& recording) const {
  const BoxTable& table = impl_->table;
  if (!table.names_recordings) return table.boxes;
  const std::set<std::string> names = impl_->names.of(recording);
  std::vector<AnnotatedBox> boxes;
  std::ranges::copy_if(table.boxes, std::back_inserter(boxes),
                       [&names](const AnnotatedBox& box) { return names.contains(box.recording); });
  if (boxes.empty()) fail_without_boxes(table, recording.path);
  return boxes;
}

}  // namespace relax_spectro
