#include "audio/ogg_pages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string_view>

#include "audio/file_bytes.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kCapture = "OggS\0"sv;
constexpr std::size_t kHeadBytes = 27;  // of a page, without its segment table
constexpr std::uint64_t kFirstPage = 2;
constexpr std::uint64_t kLastPage = 4;

/// What the pages of a file show about its recordings.
class PageCount {
 public:
  /// @param whole  whether the file contains the complete page.
  void add(std::span<const std::uint8_t> head, bool whole) {
    const std::uint64_t flags = head[5];
    const std::uint64_t serial = number_of(head.subspan(14, 4), ByteOrder::little);
    if ((flags & kFirstPage) != 0) {
      if (recordings_ == 0 || !in_first_pages_) ++recordings_;
      if (recordings_ == 1) open_.insert(serial);
    }
    in_first_pages_ = (flags & kFirstPage) != 0;
    if (recordings_ != 1) return;
    if (!whole) return;
    if ((flags & kLastPage) != 0) open_.erase(serial);
    const std::uint64_t position = number_of(head.subspan(6, 8), ByteOrder::little);
    if (position != ~std::uint64_t{0}) last_position_ = position;
  }

  [[nodiscard]] std::size_t recordings() const { return recordings_; }
  [[nodiscard]] bool first_ended() const { return open_.empty(); }
  [[nodiscard]] std::uint64_t last_position() const { return last_position_; }

 private:
  std::size_t recordings_ = 0;
  bool in_first_pages_ = false;
  std::set<std::uint64_t> open_;  // streams of the first recording whose last page was not seen yet
  std::uint64_t last_position_ = 0;
};

/// Whether a page that begins at `begin` ends within the file.
bool is_whole(FileBytes& file, std::uint64_t begin, std::span<const std::uint8_t> head) {
  const std::size_t segments = head[kHeadBytes - 1];
  const std::vector<std::uint8_t> table = file.read(begin + kHeadBytes, segments);
  const std::uint64_t body = std::accumulate(table.begin(), table.end(), std::uint64_t{0});
  return table.size() == segments && begin + kHeadBytes + segments + body <= file.size();
}

/// Finds pages by their capture pattern, as libogg does: a damaged page does not hide later ones.
PageCount count_pages(const std::filesystem::path& path) {
  constexpr std::size_t kBlock = 1U << 20U;
  FileBytes file(path);
  PageCount count;
  for (std::uint64_t begin = 0; begin < file.size(); begin += kBlock) {
    const std::vector<std::uint8_t> bytes = file.read(begin, kBlock + kHeadBytes - 1);
    for (auto at = bytes.begin();; ++at) {
      at = std::search(at, bytes.end(), kCapture.begin(), kCapture.end());
      if (static_cast<std::size_t>(bytes.end() - at) < kHeadBytes) break;
      const std::span<const std::uint8_t> head(at, kHeadBytes);
      const std::uint64_t place = begin + static_cast<std::uint64_t>(at - bytes.begin());
      count.add(head, is_whole(file, place, head));
    }
  }
  return count;
}

}  // namespace

std::vector<std::string> check_ogg_pages(const std::filesystem::path& path) {
  const PageCount count = count_pages(path);
  if (!count.first_ended()) {
    throw AudioError(fmt::format(
        "{}: truncated: it has no end-of-stream page, and its last page ends at sample {}; copy or "
        "record it again",
        path.string(), count.last_position()));
  }
  if (count.recordings() <= 1) return {};
  return {fmt::format("it holds {} recordings in a row, and only the first is read. Split the file",
                      count.recordings())};
}

}  // namespace relax_spectro::core
