#include "probe_part.hpp"

#include <fmt/format.h>

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "html.hpp"
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

}  // namespace

std::string probe_tables(core::JsonFields& fields, const std::string& name) {
  return fmt::format(kProbeHtml, "name"_a = escape_html(name), "classes"_a = class_rows(fields),
                     "controls"_a = control_rows(fields));
}

}  // namespace relax_spectro::render
