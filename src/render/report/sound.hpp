#pragma once

#include <filesystem>
#include <string>

#include "report.hpp"
#include "results/recording_search.hpp"

namespace relax_spectro::render {

/// A recording on a page, to be played.
struct Sound {
  std::string html;
  bool linked = false;  ///< the page needs another file
  std::string warning;  ///< why it cannot be played; empty where it can
};

/// A recording that is to be played.
struct PlayedRecording {
  const SourceFile& recorded;  ///< as the result names it; another file of that name is not played
  const std::string& name;     ///< on the page
  const std::filesystem::path& json_path;  ///< of the result
};

/// @param page_folder  where the page will lie.
[[nodiscard]] Sound sound_of(const PlayedRecording& recording, RecordingSearch& recordings,
                             const ReportOptions& options,
                             const std::filesystem::path& page_folder);

}  // namespace relax_spectro::render
