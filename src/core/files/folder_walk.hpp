#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace relax_spectro::core {

/// A folder that could not be read.
struct UnreadFolder {
  std::filesystem::path path;
  std::string reason;
};

/// The contents of a folder and its subfolders.
struct FolderContent {
  std::vector<std::filesystem::path> files;  ///< each path begins with the folder's path
  std::vector<UnreadFolder> unread;
};

/// The files in a folder and its subfolders, in a stable order. Follows links to folders, and
/// visits each folder once. Skips hidden files and folders, and those that systems create
/// ($RECYCLE.BIN, __MACOSX ...).
[[nodiscard]] FolderContent files_below(const std::filesystem::path& folder);

}  // namespace relax_spectro::core
