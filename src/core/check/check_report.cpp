#include "check/check_report.hpp"

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

#include "files/json_text.hpp"
#include "files/valid_utf8.hpp"
#include "relax_spectro/base/version.hpp"
#include "results/result_fields.hpp"

namespace relax_spectro {
namespace {

using nlohmann::ordered_json;

ordered_json measure_json(const CheckedNumber& measure) {
  return {{"value", core::number_or_null(measure.value)},
          {"limit", core::number_or_null(measure.limit)}};
}

ordered_json prediction_json(const PredictionChange& change) {
  ordered_json json = measure_json(change.lead);
  json["windows"] = change.windows;
  json["changed_windows"] = change.changed_windows;
  if (change.changed_windows == 0) return json;
  json["begin_s"] = change.begin_s;
  json["end_s"] = change.end_s;
  json["before"] = core::FieldWriter::json_of(change.before);
  json["now"] = core::FieldWriter::json_of(change.now);
  json["is_measured"] = change.is_measured;
  return json;
}

ordered_json result_json(const CheckedResult& result) {
  ordered_json json{{"name", result.name},
                    {"status", to_string(result.status)},
                    {"reasons", result.reasons},
                    {"notes", result.notes}};
  if (result.prediction) json["prediction"] = prediction_json(*result.prediction);
  if (result.map) {
    json["correlation"] = measure_json(result.map->correlation);
    json["standard_errors"] = measure_json(result.map->standard_errors);
    json["shift_s"] = measure_json(result.map->shift_s);
    json["shift_hz"] = measure_json(result.map->shift_hz);
  }
  if (result.flip) json["flip"] = measure_json(*result.flip);
  return json;
}

/// Text for XML, which allows neither control characters nor bytes that are not UTF-8.
std::string xml_text(const std::string& text) {
  std::string valid = core::valid_utf8(text);
  std::ranges::replace_if(
      valid, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t'; },
      ' ');
  return valid;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return xml_text(text);
}

using boost::property_tree::ptree;

void add_outcome(ptree& node, const std::string& kind, const CheckedResult& result) {
  ptree& outcome = node.add(kind, joined(result.reasons));
  const std::string first = result.reasons.empty() ? "" : result.reasons.front();
  outcome.put("<xmlattr>.message", xml_text(std::string(to_string(result.status)) + ": " + first));
}

ptree test_case(const CheckedResult& result) {
  ptree node;
  node.put("<xmlattr>.classname", "relax-spectro.check");
  node.put("<xmlattr>.name", xml_text(result.name));
  if (result.status == CheckStatus::unreadable) {
    add_outcome(node, "error", result);
  } else if (result.status == CheckStatus::added) {
    add_outcome(node, "skipped", result);
  } else if (!result.passes()) {
    add_outcome(node, "failure", result);
  }
  if (!result.notes.empty()) node.put("system-out", joined(result.notes));
  return node;
}

}  // namespace

std::size_t CheckReport::count(CheckStatus status) const {
  return static_cast<std::size_t>(std::ranges::count(results, status, &CheckedResult::status));
}

bool CheckReport::passes() const { return std::ranges::all_of(results, &CheckedResult::passes); }

std::string check_json(const CheckReport& report) {
  ordered_json json{
      {"format", "relax-spectro check"},
      {"format_version", 1},
      {"tool_version", version()},
      {"command_line", report.command_line},
      {"baseline", report.baseline.string()},
      {"current", report.current.string()},
      {"options",
       {{"false_alarms", report.options.limits.false_alarms},
        {"min_correlation", core::number_or_null(report.options.limits.least_correlation)},
        {"max_difference", core::number_or_null(report.options.limits.most_standard_errors)},
        {"max_shift_s", core::number_or_null(report.options.limits.most_shift_s)},
        {"max_shift_hz", core::number_or_null(report.options.limits.most_shift_hz)},
        {"max_flip_change", core::number_or_null(report.options.most_flip_change)},
        {"ignore_options", report.options.ignore_options}}},
      {"passes", report.passes()},
      {"results", ordered_json::array()}};
  for (const CheckedResult& result : report.results) json["results"].push_back(result_json(result));
  return core::json_text(json) + "\n";
}

std::string check_junit(const CheckReport& report) {
  const std::size_t errors = report.count(CheckStatus::unreadable);
  const std::size_t skipped = report.count(CheckStatus::added);
  const std::size_t failures =
      report.results.size() - errors - skipped - report.count(CheckStatus::same);
  ptree suite;
  suite.put("<xmlattr>.name", "relax-spectro check");
  suite.put("<xmlattr>.tests", report.results.size());
  suite.put("<xmlattr>.failures", failures);
  suite.put("<xmlattr>.errors", errors);
  suite.put("<xmlattr>.skipped", skipped);
  for (const CheckedResult& result : report.results) suite.add_child("testcase", test_case(result));
  ptree document;
  document.add_child("testsuites.testsuite", suite);
  std::ostringstream text;
  write_xml(text, document, boost::property_tree::xml_writer_make_settings<std::string>(' ', 2));
  return text.str();
}

}  // namespace relax_spectro
