#include "render/report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/render/figure.hpp"
#include "render/report/html.hpp"
#include "render/report/overview_table.hpp"
#include "render/report/png.hpp"
#include "render/report/shown_result.hpp"
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
  render::ShownMap map;
  map.sound = map.contrast = map.faded = Array2d<double>(2, 3, 0.0);
  map.sound(0, 0) = 1.0;
  map.contrast(1, 2) = 4.0;  // the highest band, the last frame
  map.contrast(0, 0) = -4.0;
  map.contrast(0, 1) = std::nan("");
  map.most = 4.0;
  const auto drawn = [&folder](const char* name, const std::string& png) {
    write_text_file(folder / name, png, Overwrite::no);
    return test::Picture(folder / name);
  };
  const test::Picture sound = drawn("sound.png", render::sound_png(map));
  CHECK(sound.width() == 3);
  CHECK(sound.height() == 2);
  const test::Picture overlay = drawn("map.png", render::overlay_png(map));
  for (int x = 0; x < 3; ++x) {
    for (int y = 0; y < 2; ++y) {
      CHECK((overlay.pixel(x, y) != 0) == ((x == 2 && y == 0) || (x == 0 && y == 1)));
    }
  }
  map.faded(1, 2) = 1.0;
  const test::Picture faded = drawn("faded.png", render::overlay_png(map));
  CHECK(faded.pixel(2, 0) != overlay.pixel(2, 0));
  const test::Picture joined = drawn("joined.png", render::joined_png(map));
  CHECK((joined.pixel(0, 0) & 0xFFFFFFU) == 0xFFFFFFU);  // quiet, and without contrast
}

TEST_CASE("the colours of a map are those of figures, and vanish towards zero on both sides") {
  CHECK(render::overlay_colour(0.0).opacity == 0.0);
  for (const double sign : {-1.0, 1.0}) {
    double before = 0.0;
    for (const double share : {0.25, 0.5, 0.75, 1.0}) {
      const render::OverlayColour colour = render::overlay_colour(sign * share);
      CHECK(colour.opacity > before);
      CHECK(colour.red == signed_colour_of(sign * share).red);
      before = colour.opacity;
    }
  }
}

TEST_CASE("the overview has a cell for each column, and columns only where they say something") {
  render::OverviewRow row;
  row.target = "r1-name";
  row.name = "a <b>";
  row.model = "one";
  row.verdict = "resolved";
  row.facts.noise_to_contrast = 0.25;
  const std::string plain = render::overview_html(std::vector{row});
  CHECK(count_of(plain, "<th scope=\"col\"") == 4);  // map, recording, noise, verdict
  CHECK(count_of(plain, "<td") == 3);
  CHECK(plain.find("data-value=\"0.25\"") != std::string::npos);
  CHECK(plain.find("a &lt;b&gt;") != std::string::npos);
  CHECK(count_of(plain, "rowgroup") == 0);
  render::OverviewRow tested = row;
  tested.label = "dog";
  tested.model = "two";
  tested.heard = "dog bark 0.93";
  tested.flip = FlipFacts{-0.3, 0.2, false, true, 1.0};
  tested.sanity = SanitySummary{std::nullopt, "", "", "", {}};
  const std::string full = render::overview_html(std::vector{tested, row});
  CHECK(count_of(full, "<th scope=\"col\"") == 9);
  CHECK(count_of(full, "<td") == 16);
  CHECK(count_of(full, "scope=\"rowgroup\"") == 2);
  CHECK(full.find("-0.30 / 0.20") != std::string::npos);
  CHECK(full.find("inconclusive") != std::string::npos);
  CHECK(full.find("without a label") != std::string::npos);
}

TEST_CASE("a page holds what results say as text, and forbids itself everything else") {
  const test::TemporaryFolder folder;
  const NamedResult result = hostile_result(folder / "out");
  write_text_file(folder / "out/cut.json", "{", Overwrite::no);
  Report report(folder / "page.html", {}, Overwrite::no);
  const std::vector<ReportedResult> reported = report.add({kScript, {result}});
  REQUIRE(reported.size() == 1);
  CHECK(reported[0].errors.empty());
  REQUIRE(reported[0].warnings.size() == 1);  // the recording does not exist
  CHECK(report.add({"", {{"cut", folder / "out/cut.json"}}}).at(0).errors.size() == 1);
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

TEST_CASE("results of one recording stand side by side, and share a colour scale of one unit") {
  const test::TemporaryFolder folder;
  Result result = test::explained_noise(test::quick_options());
  result.provenance.input = {"a.wav", "ab"};
  std::vector<NamedResult> named;
  const auto write = [&](const char* name) {
    write_result(folder / name, result, Overwrite::no);
    named.push_back({name, folder / (std::string(name) + ".json")});
  };
  write("small");
  for (double& value : result.explanation.contrast.values) value *= 3.0;
  result.provenance.model.sha256 = "another";
  write("large");
  result.options.score.kind = ScoreKind::dot;
  write("dot");
  result.provenance.input.sha256 = "cd";
  write("other");
  result.provenance.audio.begin_s = 1.0;
  write("part");
  Report report(folder / "page.html", {}, Overwrite::no);
  const std::vector<ReportedRecording> recordings = report.by_recording(named);
  REQUIRE(recordings.size() == 3);
  CHECK(recordings[0].results.size() == 3);
  for (const ReportedRecording& recording : recordings) report.add(recording);
  report.finish("title", "command");
  const std::string page = read_text_file(folder / "page.html");
  CHECK(count_of(page, "class=\"recording\"") == 3);
  CHECK(count_of(page, "<h4") == 3);
  CHECK(count_of(page, "<image ") == 3);  // one spectrogram for each recording
  CHECK(count_of(page, "<use href=\"#r1-1-sound\"") == 2);
  const std::string end =
      fmt::format("<span>{:.3g}</span>", render::read_shown(named[1], "").map.most);
  CHECK(count_of(page, end) == 5);  // the first one's alone would be a third
  CHECK(render::read_shown(named[0], "").map.most * 3.0 ==
        Approx(render::read_shown(named[1], "").map.most));
}

TEST_CASE("the same results give the same page") {
  const test::TemporaryFolder folder;
  const NamedResult result = hostile_result(folder / "out");
  for (const char* name : {"a.html", "b.html"}) {
    Report report(folder / name, {}, Overwrite::no);
    report.add({"", {result}});
    report.finish("title", "command");
  }
  CHECK(read_text_file(folder / "a.html") == read_text_file(folder / "b.html"));
}

TEST_CASE("a page of nothing but damaged results can be made, and one that is there stays") {
  const test::TemporaryFolder folder;
  write_text_file(folder / "cut.json", "{", Overwrite::no);
  Report report(folder / "page.html", {}, Overwrite::no);
  CHECK(report.add({"", {{"cut", folder / "cut.json"}}}).at(0).errors.size() == 1);
  report.finish("title", "command");
  CHECK(read_text_file(folder / "page.html").find("There is no map.") != std::string::npos);
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
