#pragma once

#include <filesystem>
#include <string>

#include "report.hpp"
#include "results/recording_search.hpp"

namespace relax_spectro::render {

/// The audio player of a recording.
struct Sound {
  std::string html;
  bool linked = false;  ///< the page needs a separate audio file
  std::string warning;  ///< why it cannot be played; empty if it can
};

/// A recording to be played.
struct PlayedRecording {
  const SourceFile& recorded;  ///< as stored in the result; a different file is not played
  const std::string& name;     ///< displayed on the page
  const std::filesystem::path& json_path;  ///< of the result
};

/// Whether browsers play a file of this ending.
[[nodiscard]] bool is_played(const std::filesystem::path& path);

/// The URL of a file, relative to the folder of the page, so that both can be moved together.
[[nodiscard]] std::string url_from(const std::filesystem::path& path,
                                   const std::filesystem::path& page_folder);

/// @param page_folder  the folder of the page.
[[nodiscard]] Sound sound_of(const PlayedRecording& recording, RecordingSearch& recordings,
                             const ReportOptions& options,
                             const std::filesystem::path& page_folder);

/// The salient part and the rest that listen made of a result, as players that go on from each other
/// and from that of the recording. None if it made none.
/// @param json_path  of the result; NAME.listen.json lies beside it.
/// @param begin_s    of the sounds, in the recording.
[[nodiscard]] Sound part_sounds_of(const std::filesystem::path& json_path, const std::string& name,
                                   double begin_s, const ReportOptions& options,
                                   const std::filesystem::path& page_folder);

}  // namespace relax_spectro::render
