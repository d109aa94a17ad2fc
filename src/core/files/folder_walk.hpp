#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// A folder that could not be looked into.
struct UnreadFolder {
  std::filesystem::path path;
  std::string reason;
};

/// What lies in a folder and below it.
struct FolderContent {
  std::vector<std::filesystem::path> files;  ///< each path begins with the folder's
  std::vector<UnreadFolder> unread;
};

/// The files in a folder and in those below it, in an order that does not change. Links to folders
/// are followed, and each folder is looked into once, however many links lead to it. Hidden files
/// and folders are passed over, and what systems keep for themselves ($RECYCLE.BIN, __MACOSX ...).
[[nodiscard]] FolderContent files_below(const std::filesystem::path& folder);

}  // namespace relax_spectro::core
