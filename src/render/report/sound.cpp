#include "sound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "html.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::render {
namespace {

namespace fs = std::filesystem;

/// The media type for a file's ending; empty if browsers do not play that format.
std::string_view media_type(const fs::path& path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kTypes{
      {{".wav", "audio/wav"},
       {".flac", "audio/flac"},
       {".mp3", "audio/mpeg"},
       {".ogg", "audio/ogg"},
       {".oga", "audio/ogg"},
       {".opus", "audio/ogg"},
       {".m4a", "audio/mp4"},
       {".aac", "audio/aac"},
       {".webm", "audio/webm"}}};
  std::string ending = path.extension().string();
  for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto found =
      std::ranges::find(kTypes, ending, &std::pair<std::string_view, std::string_view>::first);
  return found == kTypes.end() ? std::string_view() : found->second;
}

std::string note(const std::string& text) {
  return fmt::format("<p class=\"sound-note\">{}</p>", escape_html(text));
}

Sound silent(const fs::path& path, const std::string& why) {
  return {note(fmt::format("No sound: {} {}.", path.string(), why)), false,
          fmt::format("{} {}, so that the page cannot play it", path.string(), why)};
}

std::string player(const std::string& name, const std::string& source, std::string_view preload) {
  return fmt::format(
      "<audio controls preload=\"{}\" aria-label=\"Recording {}\" src=\"{}\"></audio>\n", preload,
      escape_html(name), source);
}

Sound linked(const fs::path& path, const std::string& name, const fs::path& page_folder) {
  // Relative to the page, so that both can be moved together.
  const fs::path folder = page_folder.empty() ? fs::path(".") : page_folder;
  const fs::path relative = fs::absolute(path).lexically_normal().lexically_relative(
      fs::absolute(folder).lexically_normal());
  const std::string url = url_of(relative.empty() ? fs::absolute(path) : relative);
  return {player(name, url, "none") +
              fmt::format("<p class=\"sound-note\">Plays <a href=\"{}\">{}</a>, which is not in "
                          "this page.</p>",
                          url, escape_html(path.string())),
          true, ""};
}

}  // namespace

Sound sound_of(const PlayedRecording& recording, RecordingSearch& recordings,
               const ReportOptions& options, const fs::path& page_folder) {
  if (options.audio == ReportAudio::none) return {};
  try {
    const SourceFile found = recordings.find(recording.recorded, recording.json_path);
    const fs::path& path = found.path;
    if (found.sha256 != recording.recorded.sha256) {
      return silent(path, "is not the file that the map was made from (its SHA-256 differs)");
    }
    const std::string_view type = media_type(path);
    if (type.empty()) return silent(path, "is of a format that browsers do not play");
    const auto bytes = static_cast<double>(fs::file_size(path));
    if (options.audio == ReportAudio::link || bytes > options.most_embedded_mib * 1024.0 * 1024.0) {
      return linked(path, recording.name, page_folder);
    }
    return {
        player(recording.name, fmt::format("data:{};base64,{}", type, base64(read_text_file(path))),
               "metadata") +
            note(fmt::format("{} ({}, in this page)", path.string(), size_text(bytes))),
        false, ""};
  } catch (const IoError& error) {
    return {note(fmt::format("No sound: {}.", error.what())), false,
            fmt::format("the page cannot play the recording: {}", error.what())};
  }
}

}  // namespace relax_spectro::render
