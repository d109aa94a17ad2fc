#include "probe_part.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "html.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "report/templates.hpp"

namespace relax_spectro::render {
namespace {

using namespace fmt::literals;

/// A number of a report, with its interval.
struct ShownMeasure {
  double value = 0.0;
  std::string interval;
  std::uint64_t recordings = 0;
};

std::string ends_text(core::JsonFields& fields) {
  const nlohmann::json& ends = fields.required("interval");
  if (ends.is_null()) return "";
  if (!ends.is_array() || ends.size() != 2 || !ends[0].is_number() || !ends[1].is_number()) {
    fields.fail("interval", "is not two numbers");
  }
  return fmt::format("{:.2f}\u2013{:.2f}", ends[0].get<double>(), ends[1].get<double>());
}

/// By name and label.
std::map<std::pair<std::string, std::string>, ShownMeasure> measures_of(core::JsonFields& fields) {
  std::map<std::pair<std::string, std::string>, ShownMeasure> measures;
  for (core::JsonFields& measure : fields.objects("measures")) {
    measures[{measure.get<std::string>("name"), measure.get<std::string>("label")}] = {
        measure.get<double>("value"), ends_text(measure), measure.whole("recordings")};
  }
  return measures;
}

std::string number_cells(const ShownMeasure& measure) {
  if (measure.recordings == 0) return "<td>\u2014</td><td></td>";  // 0/0
  return fmt::format("<td class=\"number\">{:.2f}</td><td class=\"number\">{}</td>", measure.value,
                     measure.interval);
}

std::string class_rows(core::JsonFields& fields) {
  const auto measures = measures_of(fields);
  std::string rows;
  for (const std::string& label : fields.texts("labels")) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th>", escape_html(label));
    for (const char* name : {"precision", "recall", "f1"}) {
      const auto found = measures.find({name, label});
      if (found == measures.end())
        fields.fail("measures", fmt::format("lacks {} of '{}'", name, label));
      rows += number_cells(found->second);
    }
    rows += fmt::format("<td class=\"number\">{}</td></tr>\n",
                        measures.at({"recall", label}).recordings);
  }
  return rows;
}

std::string control_rows(core::JsonFields& fields) {
  constexpr std::array<std::pair<const char*, const char*>, 3> kControls{
      {{"majority", "The largest class"},
       {"bands", "A probe on the bands of the model's input"},
       {"shuffled_labels", "Shuffled labels (mean and range of 20)"}}};
  core::JsonFields controls = fields.object("controls");
  std::string rows;
  for (const auto& [name, text] : kControls) {
    core::JsonFields control = controls.object(name);
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{:.3f}</td><td class=\"number\">{}</td></tr>\n",
        text, control.get<double>("accuracy"), ends_text(control));
  }
  return rows;
}

std::string figure_html(std::filesystem::path json_path, const std::string& name) {
  const std::filesystem::path path = json_path.replace_extension(".png");
  if (!std::filesystem::exists(path)) return "";
  return fmt::format(
      "<figure><img class=\"whole\" alt=\"Confusion matrix and calibration of {}\" "
      "src=\"data:image/png;base64,{}\"></figure>\n",
      escape_html(name), base64(read_text_file(path)));
}

std::string warnings_html(const std::vector<std::string>& warnings) {
  std::string html;
  for (const std::string& warning : warnings) {
    html += fmt::format("<p class=\"bad\">{}</p>\n", escape_html(warning));
  }
  return html;
}

}  // namespace

std::string probe_html(const std::filesystem::path& json_path, const std::string& id) {
  const nlohmann::json json = core::parse_json(read_text_file(json_path), json_path.string());
  core::JsonFields fields(json, {json_path.string(), "expected a file that probe wrote"});
  if (fields.get<std::string>("format") != "relax-spectro probe") {
    fields.fail("format", "is not 'relax-spectro probe'");
  }
  const std::string name =
      std::filesystem::path(json_path).replace_extension().replace_extension().filename().string();
  core::JsonFields model = fields.object("model");
  return fmt::format(kProbeHtml, "id"_a = id, "name"_a = escape_html(name),
                     "model"_a = escape_html(model.get<std::string>("name")),
                     "verdict"_a = escape_html(fields.get<std::string>("verdict")),
                     "warnings"_a = warnings_html(fields.texts("warnings")),
                     "figure"_a = figure_html(json_path, name), "classes"_a = class_rows(fields),
                     "controls"_a = control_rows(fields));
}

}  // namespace relax_spectro::render
