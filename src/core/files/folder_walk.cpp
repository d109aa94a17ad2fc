#include "files/folder_walk.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <set>
#include <string_view>
#include <system_error>

#include "base/text.hpp"

namespace relax_spectro::core {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

// Recycle bins, thumbnails and snapshots that Windows, macOS and network storage create.
constexpr std::array kOfSystems{"$recycle.bin"sv, "recycler"sv,  "system volume information"sv,
                                "__macosx"sv,     "#recycle"sv,  "@recycle"sv,
                                "@eadir"sv,       "#snapshot"sv, "@recently-snapshot"sv};

bool is_passed_over(const fs::path& path) {
  const std::string name = path.filename().string();
  return name.starts_with('.') || std::ranges::count(kOfSystems, lower_case(name)) > 0;
}

class Walk {
 public:
  explicit Walk(const fs::path& folder) { real_.push_back(folder); }

  FolderContent run() {
    while (!real_.empty() || !links_.empty()) {
      // Links come last, so that a real folder keeps its own path and not that of a link.
      std::deque<fs::path>& next = real_.empty() ? links_ : real_;
      const fs::path folder = next.front();
      next.pop_front();
      look_into(folder);
    }
    return std::move(content_);
  }

 private:
  void look_into(const fs::path& folder) {
    std::error_code error;
    const fs::path place = fs::canonical(folder, error);
    if (!error && !known_.insert(place).second) return;
    std::vector<fs::directory_entry> entries;
    if (!error) {
      auto entry = fs::directory_iterator(folder, error);
      for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        entries.push_back(*entry);
      }
    }
    if (error) content_.unread.push_back({folder, error.message()});
    std::ranges::sort(entries);
    for (const fs::directory_entry& entry : entries) {
      if (!is_passed_over(entry.path())) add(entry);
    }
  }

  void add(const fs::directory_entry& entry) {
    std::error_code unknown;  // opening the file will report the problem
    if (!entry.is_directory(unknown)) {
      content_.files.push_back(entry.path());
    } else {
      (entry.is_symlink(unknown) ? links_ : real_).push_back(entry.path());
    }
  }

  std::deque<fs::path> real_;
  std::deque<fs::path> links_;
  std::set<fs::path> known_;
  FolderContent content_;
};

}  // namespace

FolderContent files_below(const fs::path& folder) { return Walk(folder).run(); }

}  // namespace relax_spectro::core
