#include "check/check_report.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

CheckedResult result_of(const std::string& name, CheckStatus status, const std::string& reason) {
  CheckedResult result;
  result.name = name;
  result.status = status;
  if (!reason.empty()) result.reasons = {reason};
  return result;
}

CheckReport report_of_all_kinds() {
  CheckReport report{"base", "now", "relax-spectro check base now", {}, {}};
  report.results = {result_of("a", CheckStatus::same, ""),
                    result_of("b<&\">\x01\xff", CheckStatus::changed, "correlation 0.1 < 0.9 & so"),
                    result_of("c", CheckStatus::missing, "in the baseline only"),
                    result_of("d", CheckStatus::added, "not in the baseline"),
                    result_of("e", CheckStatus::unreadable, "e.json: not JSON")};
  report.results[0].map = MapComparison{};
  report.results[0].map->correlation = {0.98, 0.9};
  return report;
}

}  // namespace

TEST_CASE("a check passes where nothing changed, and results that are new do no harm") {
  CheckReport report = report_of_all_kinds();
  CHECK_FALSE(report.passes());
  report.results.resize(1);
  CHECK(report.passes());
  report.results.push_back(result_of("d", CheckStatus::added, ""));
  CHECK(report.passes());
  report.results.push_back(result_of("c", CheckStatus::missing, ""));
  CHECK_FALSE(report.passes());
}

TEST_CASE("JUnit counts what failed, what is an error and what is new, and holds any name") {
  const std::string xml = check_junit(report_of_all_kinds());
  CHECK_THAT(xml, Catch::Contains(R"(tests="5" failures="2" errors="1" skipped="1")"));
  CHECK_THAT(xml, Catch::Contains("name=\"b&lt;&amp;&quot;&gt; \uFFFD\""));
  CHECK_THAT(xml, Catch::Contains("correlation 0.1 &lt; 0.9 &amp; so"));
  CHECK_THAT(xml, Catch::Contains("<error message=\"unreadable: e.json: not JSON\""));
}

TEST_CASE("the JSON of a check holds each measure with its limit") {
  const auto json = nlohmann::json::parse(check_json(report_of_all_kinds()));
  CHECK(json.at("format") == "relax-spectro check");
  CHECK(json.at("passes") == false);
  const auto& first = json.at("results").at(0);
  CHECK(first.at("status") == "same");
  CHECK(first.at("correlation") == nlohmann::json{{"value", 0.98}, {"limit", 0.9}});
  CHECK(first.at("shift_s").at("value").is_null());
  CHECK(json.at("results").at(2).at("reasons").at(0) == "in the baseline only");
}
