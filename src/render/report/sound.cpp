#include "sound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string_view>
#include <utility>

#include "html.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/files/source_file.hpp"
#include "results/result_json.hpp"

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

/// What is played, and how the page names it.
struct Played {
  std::string title;  ///< "Recording dog"
  double begin_s = 0.0;
};

std::string player(const Played& played, const std::string& source, std::string_view preload) {
  return fmt::format(
      "<audio controls preload=\"{}\" aria-label=\"{}\" data-begin=\"{}\" "
      "src=\"{}\"></audio>\n",
      preload, escape_html(played.title), played.begin_s, source);
}

Sound linked(const fs::path& path, const Played& played, const fs::path& page_folder) {
  const std::string url = url_from(path, page_folder);
  return {player(played, url, "none") +
              fmt::format("<p class=\"sound-note\">Plays <a href=\"{}\">{}</a>, which is not in "
                          "this page.</p>",
                          url, escape_html(path.string())),
          true, ""};
}

/// A file in the page, or linked if it is large.
Sound playable(const fs::path& path, const Played& played, const ReportOptions& options,
               const fs::path& page_folder) {
  const std::string_view type = media_type(path);
  if (type.empty()) return silent(path, "is of a format that browsers do not play");
  const auto bytes = static_cast<double>(fs::file_size(path));
  if (options.audio == ReportAudio::link || bytes > options.most_embedded_mib * 1024.0 * 1024.0) {
    return linked(path, played, page_folder);
  }
  return {player(played, fmt::format("data:{};base64,{}", type, base64(read_text_file(path))),
                 "metadata") +
              note(fmt::format("{} ({}, in this page)", path.string(), size_text(bytes))),
          false, ""};
}

/// How well a part is what the network was given; empty if the network was not there.
std::string fidelity_text(core::JsonFields& sound) {
  const auto cosine =
      sound.has("cosine") ? sound.get_or_null<double>("cosine") : std::optional<double>();
  return cosine ? fmt::format(" (cosine with what the network was given: {:.2f})", *cosine) : "";
}

}  // namespace

bool is_played(const fs::path& path) { return !media_type(path).empty(); }

std::string url_from(const fs::path& path, const fs::path& page_folder) {
  const fs::path folder = page_folder.empty() ? fs::path(".") : page_folder;
  const fs::path relative = fs::absolute(path).lexically_normal().lexically_relative(
      fs::absolute(folder).lexically_normal());
  return url_of(relative.empty() ? fs::absolute(path) : relative);
}

Sound sound_of(const PlayedRecording& recording, RecordingSearch& recordings,
               const ReportOptions& options, const fs::path& page_folder) {
  if (options.audio == ReportAudio::none) return {};
  try {
    const SourceFile found = recordings.find(recording.recorded, recording.json_path);
    const fs::path& path = found.path;
    if (found.sha256 != recording.recorded.sha256) {
      return silent(path, "is not the file that the map was made from (its SHA-256 differs)");
    }
    return playable(path, {"Recording " + recording.name}, options, page_folder);
  } catch (const IoError& error) {
    return {note(fmt::format("No sound: {}.", error.what())), false,
            fmt::format("the page cannot play the recording: {}", error.what())};
  }
}

namespace {

nlohmann::json read_listen_json(const fs::path& path) {
  try {
    return core::read_result_json(path);
  } catch (const IoError&) {
    throw IoError(fmt::format(
        "{}: is not the JSON that relax-spectro listen writes; run relax-spectro listen again",
        path.string()));
  }
}

}  // namespace

Sound part_sounds_of(const fs::path& json_path, const std::string& name, double begin_s,
                     const ReportOptions& options, const fs::path& page_folder) {
  fs::path listen_path = json_path;
  listen_path.replace_extension(".listen.json");
  if (options.audio == ReportAudio::none || !fs::exists(listen_path)) return {};
  try {
    const nlohmann::json json = read_listen_json(listen_path);
    core::JsonFields fields = core::formatted_fields(json, listen_path, core::kListenFormat);
    if (fields.object("result").get<std::string>("sha256") != source_file(json_path).sha256) {
      return silent(listen_path, "was made from another result");
    }
    Sound parts;
    for (core::JsonFields& sound : fields.objects("sounds")) {
      const fs::path path = json_path.parent_path() / sound.get<std::string>("file");
      const std::string file = path.filename().string();
      for (const auto& [ending, title] :
           {std::pair(".salient.wav", "Salient part of "), std::pair(".rest.wav", "Rest of ")}) {
        if (!file.ends_with(ending)) continue;
        const Sound part = playable(path, {title + name, begin_s}, options, page_folder);
        parts.html += fmt::format("<p>{}</p>\n{}", escape_html(title + name + fidelity_text(sound)),
                                  part.html);
        parts.linked = parts.linked || part.linked;
      }
    }
    for (const std::string& warning : fields.texts("warnings")) parts.html += note(warning + ".");
    return parts;
  } catch (const std::exception& error) {
    return {note(fmt::format("No sound of parts: {}.", error.what())), false,
            fmt::format("the page cannot play the parts: {}", error.what())};
  }
}

}  // namespace relax_spectro::render
