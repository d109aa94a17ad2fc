#include "finding_part.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "html.hpp"
#include "probe_part.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "report.hpp"
#include "report/templates.hpp"
#include "space_points.hpp"

namespace relax_spectro {
namespace {

using namespace fmt::literals;

/// What a stage finds out, apart from maps.
struct FindingKind {
  std::string_view ending;
  std::string_view format;
  std::string_view title;
  bool is_probe = false;
  bool is_space = false;
};

constexpr std::array kKinds{
    FindingKind{".probe.json", "relax-spectro probe", "Probe", true},
    FindingKind{".assess.json", "relax-spectro assessment", "Assessment"},
    FindingKind{".interactions.json", "relax-spectro interactions", "Interactions in"},
    FindingKind{".space.json", "relax-spectro space", "Embedding space", false, true}};

const FindingKind* kind_of(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  const auto found = std::ranges::find_if(
      kKinds, [&](const FindingKind& kind) { return name.ends_with(kind.ending); });
  return found == kKinds.end() ? nullptr : &*found;
}

std::string figure_html(std::filesystem::path json_path, const std::string& name) {
  const std::filesystem::path path = json_path.replace_extension(".png");
  if (!std::filesystem::exists(path)) return "";
  return fmt::format(
      "<figure><img class=\"whole\" alt=\"Figure of {}\" "
      "src=\"data:image/png;base64,{}\"></figure>\n",
      render::escape_html(name), render::base64(read_text_file(path)));
}

std::string warnings_html(const std::vector<std::string>& warnings) {
  std::string html;
  for (const std::string& warning : warnings) {
    html += fmt::format("<p class=\"bad\">{}</p>\n", render::escape_html(warning));
  }
  return html;
}

}  // namespace

bool is_finding(const std::filesystem::path& path) { return kind_of(path) != nullptr; }

render::Finding render::finding_of(const std::filesystem::path& json_path, const std::string& id,
                                   const ReportOptions& options,
                                   const std::filesystem::path& page_folder) {
  const FindingKind& kind = *kind_of(json_path);
  const nlohmann::json json = core::parse_json(read_text_file(json_path), json_path.string());
  core::JsonFields fields(json, {json_path.string(), "a stage of relax-spectro writes such files"});
  if (fields.get<std::string>("format") != kind.format) {
    fields.fail("format", fmt::format("is not '{}'", kind.format));
  }
  std::string name = json_path.filename().string();
  name.resize(name.size() - kind.ending.size());
  const SpacePoints points =
      kind.is_space ? space_points(json_path, name, options, page_folder) : SpacePoints();
  return {fmt::format(
              kFindingHtml, "id"_a = id, "kind"_a = kind.title, "name"_a = escape_html(name),
              "verdict"_a = escape_html(fields.get<std::string>("verdict")),
              "warnings"_a = fields.has("warnings") ? warnings_html(fields.texts("warnings")) : "",
              "tables"_a = kind.is_probe ? probe_tables(fields, name) : points.html,
              "figure"_a = figure_html(json_path, name)),
          points.linked};
}

}  // namespace relax_spectro
