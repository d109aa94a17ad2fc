#include "render/report.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "render/report/html.hpp"
#include "render/report/overview_table.hpp"
#include "render/report/png.hpp"
#include "support/catch.hpp"
#include "support/picture.hpp"
#include "support/results.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
namespace fs = std::filesystem;

namespace {

constexpr const char* kScript = "<script>alert(\"1\" & '2')</script>";

/// Writes a result whose every text looks like markup, for a recording that does not exist.
NamedResult hostile_result(const fs::path& folder) {
  Result result = test::explained_noise(test::quick_options());
  result.provenance.input = {std::string(kScript) + "\xff.wav", "ab"};
  result.provenance.command_line = std::string("relax-spectro explain ") + kScript;
  result.card.name = kScript;
  write_result(folder / "result", result, Overwrite::no);
  return {kScript, folder / "result.json"};
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("no text of a page is taken for markup") {
  CHECK(render::escape_html(kScript) ==
        "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;");
  CHECK(render::escape_html("a\xff b\x01") == "a\uFFFD b ");
  CHECK(render::escape_html("Gänse\n") == "Gänse\n");
  CHECK(render::escape_html("") == "");
}

TEST_CASE("paths become references that a browser reads back as they were") {
  CHECK(render::url_of("../night/dog & \"owl\".wav") == "../night/dog%20%26%20%22owl%22.wav");
  CHECK(render::url_of("a?b#c%.wav") == "a%3Fb%23c%25.wav");
  CHECK(render::url_of("javascript:x") == "javascript%3Ax");
  CHECK(render::url_of("/a/b") == "file:///a/b");
}

TEST_CASE("base64 is that of RFC 4648, and goes on over blocks") {
  CHECK(render::base64("") == "");
  CHECK(render::base64("f") == "Zg==");
  CHECK(render::base64("fo") == "Zm8=");
  CHECK(render::base64("foo") == "Zm9v");
  CHECK(render::base64("foobar") == "Zm9vYmFy");
  const std::string large = render::base64(std::string((3 << 20) + 1, 'f'));
  CHECK(large.size() == 4 * ((3 << 20) / 3 + 1));
  CHECK(large.find('=') == large.size() - 2);
  CHECK(large.substr((4 << 20) - 4) == "ZmZmZg==");
}

TEST_CASE("a policy names a script by the hash that browsers compute") {
  // The example in the specification of Content Security Policy.
  CHECK(render::policy_hash("alert('Hello, world.');") ==
        "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
}

TEST_CASE("pictures of a page are as cells are: a pixel each, the lowest band at the bottom") {
  const test::TemporaryFolder folder;
  Array2d<double> cells(2, 3, 0.0);
  cells(1, 2) = 4.0;  // the highest band, the last frame
  cells(0, 0) = -1.0;
  cells(0, 1) = std::nan("");
  write_text_file(folder / "grey.png", render::grey_png(cells), Overwrite::no);
  const test::Picture grey(folder / "grey.png");
  CHECK(grey.width() == 3);
  CHECK(grey.height() == 2);
  write_text_file(folder / "map.png", render::overlay_png(cells, 4.0), Overwrite::no);
  const test::Picture map(folder / "map.png");
  for (int x = 0; x < 3; ++x) {
    for (int y = 0; y < 2; ++y) CHECK((map.pixel(x, y) != 0) == (x == 2 && y == 0));
  }
}

TEST_CASE("the colours of a map become lighter and less transparent as it rises") {
  double before = -1.0;
  for (const double share : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const render::OverlayColour colour = render::overlay_colour(share);
    CHECK(colour.opacity > before);
    before = colour.opacity;
  }
  CHECK(render::overlay_colour(0.0).opacity == 0.0);
}

TEST_CASE("the overview has a cell for each column, and columns for tests only where there are") {
  render::OverviewRow row{"r1", "a <b>", {}, {}, {}};
  row.facts.noise_to_contrast = 0.25;
  const std::string plain = render::overview_html(std::vector{row});
  CHECK(count_of(plain, "<th scope=\"col\"") == 8);
  CHECK(count_of(plain, "<td") == 7);
  CHECK(plain.find("data-value=\"0.25\"") != std::string::npos);
  CHECK(plain.find("a &lt;b&gt;") != std::string::npos);
  render::OverviewRow tested = row;
  tested.flip = FlipFacts{-0.3, 0.2, false, true, 1.0};
  tested.sanity = SanitySummary{std::nullopt, "", "", "", {}};
  const std::string full = render::overview_html(std::vector{row, tested});
  CHECK(count_of(full, "<th scope=\"col\"") == 12);
  CHECK(count_of(full, "<td") == 22);
  CHECK(full.find("beats chance only") != std::string::npos);
  CHECK(full.find("inconclusive") != std::string::npos);
}

TEST_CASE("a page holds what results say as text, and forbids itself everything else") {
  const test::TemporaryFolder folder;
  const NamedResult result = hostile_result(folder / "out");
  write_text_file(folder / "out/cut.json", "{", Overwrite::no);
  Report report(folder / "page.html", {}, Overwrite::no);
  const ReportedResult reported = report.add(result);
  CHECK(reported.errors.empty());
  REQUIRE(reported.warnings.size() == 1);  // the recording does not exist
  CHECK(report.add({"cut", folder / "out/cut.json"}).errors.size() == 1);
  CHECK_FALSE(fs::exists(folder / "page.html"));
  report.finish(kScript, kScript);

  const std::string page = read_text_file(folder / "page.html");
  CHECK(count_of(page, "<script>") == 1);  // the page's own
  CHECK(count_of(page, "alert(\"1\"") == 0);
  CHECK(count_of(page, "&lt;script&gt;alert(&quot;1&quot; &amp; &#39;2&#39;)&lt;/script&gt;") > 8);
  CHECK(count_of(page, "default-src 'none'") == 1);
  CHECK(count_of(page, "file:") == 0);
  CHECK(count_of(page, "unsafe") == 0);
  CHECK(count_of(page, "Results that cannot be read") == 1);
  CHECK(count_of(page, "class=\"recording\"") == 1);
  CHECK(count_of(page, "<h1>") == 1);
  for (const auto& entry : fs::directory_iterator((folder / "page.html").parent_path())) {
    CHECK(!entry.path().filename().string().starts_with("."));
  }
}

TEST_CASE("the same results give the same page") {
  const test::TemporaryFolder folder;
  const NamedResult result = hostile_result(folder / "out");
  for (const char* name : {"a.html", "b.html"}) {
    Report report(folder / name, {}, Overwrite::no);
    report.add(result);
    report.finish("title", "command");
  }
  CHECK(read_text_file(folder / "a.html") == read_text_file(folder / "b.html"));
}

TEST_CASE("a page of nothing but damaged results can be made, and one that is there stays") {
  const test::TemporaryFolder folder;
  write_text_file(folder / "cut.json", "{", Overwrite::no);
  Report report(folder / "page.html", {}, Overwrite::no);
  CHECK(report.add({"cut", folder / "cut.json"}).errors.size() == 1);
  report.finish("title", "command");
  CHECK(read_text_file(folder / "page.html").find("No result can be read.") != std::string::npos);
  CHECK_THROWS_AS(Report(folder / "page.html", {}, Overwrite::no), IoError);
}

TEST_CASE("options of a report are read by name and checked") {
  for (const char* name : {"embed", "link", "none"}) {
    CHECK(to_string(parse_report_audio(name)) == name);
  }
  CHECK_THROWS_WITH(parse_report_audio("all"), Catch::Contains("embed, link, none"));
  ReportOptions options;
  options.most_embedded_mib = -1.0;
  CHECK_THROWS_WITH(options.validate(), Catch::Contains("--audio-limit is -1"));
}
