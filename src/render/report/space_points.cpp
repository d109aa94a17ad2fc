#include "space_points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "base/parse_number.hpp"
#include "files/text_table.hpp"
#include "html.hpp"
#include "label_colours.hpp"
#include "report/templates.hpp"
#include "sound.hpp"

namespace relax_spectro::render {
namespace {

namespace fs = std::filesystem;
using namespace fmt::literals;

constexpr std::size_t kMostPoints = 2000;
constexpr double kPointsWidth = 1000.0;  // of the picture, in its own units
constexpr double kPointsEdge = 15.0;

struct PlacedRecording {
  std::string file;
  std::string label;
  bool is_bridge = false;
  double x = 0.0;
  double y = 0.0;
};

std::vector<PlacedRecording> read_recordings(const fs::path& table) {
  std::vector<PlacedRecording> recordings;
  core::TextTable(table).for_each_line([&](const core::TableLine& line) {
    const std::string vote = line.text("vote");
    const std::string label = line.text("label");
    recordings.push_back({line.text("file"), label, !vote.empty() && vote != label,
                          core::parse_number(line.text("x"), table.string() + ": x"),
                          core::parse_number(line.text("y"), table.string() + ": y")});
  });
  return recordings;
}

std::string fill_of(std::size_t place) {
  const Colour& colour = label_colour(place);
  const auto byte = [](double share) { return std::lround(255.0 * share); };
  return fmt::format("rgb({},{},{})", byte(colour.red), byte(colour.green), byte(colour.blue));
}

/// Where the recording is, for a link; nothing if it cannot be played.
std::optional<std::string> url_of_sound(const std::string& file, const fs::path& json_path,
                                        const fs::path& page_folder) {
  for (const fs::path& path :
       {fs::path(file), json_path.parent_path() / fs::path(file).filename()}) {
    if (is_played(path) && fs::is_regular_file(path)) return url_from(path, page_folder);
  }
  return std::nullopt;
}

/// Moves points into the picture, and returns its height.
double place_points(std::vector<PlacedRecording>& recordings) {
  const auto [left, right] = std::ranges::minmax(recordings, {}, &PlacedRecording::x);
  const auto [low, high] = std::ranges::minmax(recordings, {}, &PlacedRecording::y);
  const double scale =
      (kPointsWidth - 2.0 * kPointsEdge) / std::max({right.x - left.x, high.y - low.y, 1e-9});
  const double x = (left.x + right.x) / 2.0;
  const double top = high.y;
  const double height = scale * (high.y - low.y) + 2.0 * kPointsEdge;
  for (PlacedRecording& one : recordings) {
    one.x = kPointsWidth / 2.0 + scale * (one.x - x);
    one.y = kPointsEdge + scale * (top - one.y);
  }
  return height;
}

}  // namespace

SpacePoints space_points(const fs::path& json_path, const std::string& name,
                         const ReportOptions& options, const fs::path& page_folder) {
  const fs::path stem = json_path.parent_path() / name;
  const fs::path table = stem.string() + ".space.csv";
  const fs::path labels = stem.string() + ".labels.csv";
  if (!fs::exists(table) || !fs::exists(labels)) return {};
  std::vector<PlacedRecording> recordings = read_recordings(table);
  if (recordings.empty() || recordings.size() > kMostPoints) return {};
  std::map<std::string, std::string> fills;
  std::string names;
  core::TextTable(labels).for_each_line([&](const core::TableLine& line) {
    const std::string fill = fill_of(fills.size());
    fills[line.text("label")] = fill;
    names += fmt::format(
        R"(<span class="name"><svg viewBox="0 0 10 10" aria-hidden="true"><circle cx="5" cy="5" r="5" fill="{}"/></svg> {}</span> )",
        fill, escape_html(line.text("label")));
  });
  const double height = place_points(recordings);
  SpacePoints points;
  std::string circles;
  for (const PlacedRecording& one : recordings) {
    const std::string said = escape_html(fmt::format("{}, {}", one.file, one.label));
    const std::string circle = fmt::format(
        R"(<circle cx="{:.1f}" cy="{:.1f}" r="7" fill="{}"{}><title>{}</title></circle>)", one.x,
        one.y, fills[one.label], one.is_bridge ? R"( class="bridge")" : "", said);
    const std::optional<std::string> url = options.audio == ReportAudio::none
                                               ? std::nullopt
                                               : url_of_sound(one.file, json_path, page_folder);
    points.linked = points.linked || url.has_value();
    circles += url ? fmt::format("<a href=\"{}\" aria-label=\"{}\">{}</a>\n", *url, said, circle)
                   : circle + "\n";
  }
  points.html = fmt::format(
      kPointsHtml, "name"_a = escape_html(name), "width"_a = kPointsWidth,
      "height"_a = std::ceil(height), "circles"_a = circles, "names"_a = names,
      "how"_a = points.linked ? "Click a point, or choose it by Tab and Enter, "
                                "to hear its recording. "
                              : "",
      "player"_a = points.linked
                       ? "<p role=\"status\"></p>\n<audio controls preload=\"none\" hidden "
                         "aria-label=\"The chosen recording\"></audio>\n"
                       : "");
  return points;
}

}  // namespace relax_spectro::render
