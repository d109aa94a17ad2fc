#include "cli/progress_line.hpp"

#include <string>

#include "support/catch.hpp"

using relax_spectro::cli::progress_line;
using relax_spectro::cli::seconds_left;

namespace {

/// For the characters in these tests: combining accents, Japanese, the ellipsis, and ASCII.
std::size_t columns_of(const std::string& text) {
  std::size_t columns = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool begins_character = (byte & 0xC0U) != 0x80U;
    const bool is_accent = byte == 0xCC;
    const bool is_wide = byte >= 0xE3;
    if (begins_character && !is_accent) columns += is_wide ? 2 : 1;
  }
  return columns;
}

std::string repeated(const std::string& text, int times) {
  std::string whole;
  for (int i = 0; i < times; ++i) whole += text;
  return whole;
}

}  // namespace

TEST_CASE("a progress line shows the label, the bar, the part, the counts and the time") {
  CHECK(progress_line({"a.wav", 0.5, "2/4 masks", 3.0}, 80) ==
        "a.wav [############............]  50 % 2/4 masks, 3 s left");
  CHECK(progress_line({"a.wav", 1.0, "4/4 masks", {}}, 80) ==
        "a.wav [########################] 100 % 4/4 masks");
}

TEST_CASE("where room is short a progress line leaves out the bar, the counts and the time") {
  const auto line = [](std::size_t columns) {
    return progress_line({"gulls.wav", 0.5, "2/4 masks", 3.0}, columns);
  };
  CHECK(line(46) == "gulls.wav [####....]  50 % 2/4 masks, 3 s left");
  CHECK(line(42) == "gulls.wav [##..]  50 % 2/4 masks, 3 s left");
  CHECK(line(36) == "gulls.wav  50 % 2/4 masks, 3 s left");
  CHECK(line(26) == "gulls.wav  50 %, 3 s left");
  CHECK(line(12) == "gulls…  50 %");
}

TEST_CASE("a progress line is never wider than its terminal, whatever the name") {
  for (const std::string& name :
       {std::string("a.wav"), std::string("犬の鳴き声が聞こえる夜の森の録音.wav"),
        repeated("e\u0301", 30) + ".wav", repeated("n", 120) + ".wav",
        std::string("tab\there\x1b[31m.wav"), std::string("d\xf6g.wav")}) {
    for (std::size_t columns = 0; columns <= 300; ++columns) {
      for (const double part : {0.0, 0.3, 1.0}) {
        const std::string line = progress_line({name, part, "900/3000 masks", 4000.0}, columns);
        CAPTURE(name, columns, line);
        REQUIRE(columns_of(line) <= columns);
        REQUIRE(line.find_first_of("\t\x1b\xf6") == std::string::npos);
      }
    }
  }
}

TEST_CASE("time that is left is told in two units, and rounded up") {
  const auto told = [](double seconds) {
    const std::string line = progress_line({"", 0.0, "", seconds}, 80);
    return line.substr(line.find(", ") + 2);
  };
  CHECK(told(0.0) == "0 s left");
  CHECK(told(58.1) == "59 s left");
  CHECK(told(59.1) == "1 min 00 s left");
  CHECK(told(125.0) == "2 min 05 s left");
  CHECK(told(3600.0) == "1 h 00 min left");
  CHECK(told(100000.0) == "27 h 46 min left");
}

TEST_CASE("what is left takes as long as what was made, once something was") {
  CHECK(seconds_left(10.0, 2.0, 6.0) == 30.0);
  CHECK(seconds_left(10.0, 0.25, 0.75) == 30.0);
  CHECK_FALSE(seconds_left(10.0, 0.0, 6.0).has_value());
}
