#include "relax_spectro/masks/axis_size.hpp"

#include <string>
#include <utility>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("a size is a count, a size with its unit, or all, along each axis") {
  CHECK(parse_size("7x10", "--grid") == Size2d{7, 10});
  CHECK(parse_size("500Hzx0.25s", "--grid") ==
        Size2d{{SizeUnit::hertz, 500.0}, {SizeUnit::seconds, 0.25}});
  CHECK(parse_size("1.5kHzx100ms", "--grid") ==
        Size2d{{SizeUnit::hertz, 1500.0}, {SizeUnit::seconds, 0.1}});
  CHECK(parse_size("8x0.1s", "--stride") == Size2d{8, {SizeUnit::seconds, 0.1}});
  CHECK(parse_size("allx8", "--window") == Size2d{{SizeUnit::all, 0.0}, 8});
  CHECK(parse_size("16xall", "--window") == Size2d{16, {SizeUnit::all, 0.0}});
}

TEST_CASE("units may be written in small letters") {
  CHECK(parse_size("2khzx50MS", "--grid") == parse_size("2kHzx50ms", "--grid"));
}

TEST_CASE("a size is written as it is read") {
  for (const std::string text : {"7x7", "500Hzx0.25s", "8x0.1s", "allx16", "440.5Hzxall"}) {
    CHECK(to_string(parse_size(text, "--window")) == text);
  }
  CHECK(to_string(parse_size("1.5kHzx100ms", "--window")) == "1500Hzx0.1s");
}

TEST_CASE("what is no size is refused, with the option, the value and what is expected") {
  for (const std::string text : {"", "7", "x7", "7x", "axb", "-1x3", "7x7x7", "7 x 7", "1.5x2",
                                 "1e3x2", "5Hz", "5mx3", "5Hz5x3", "allx", "7x0.1ss"}) {
    CHECK_THROWS_AS(parse_size(text, "--grid"), ConfigError);
    CHECK_THROWS_WITH(parse_size(text, "--grid"),
                      Catch::StartsWith("--grid is '" + text + "'; expected FREQUENCYxTIME"));
  }
  CHECK_THROWS_WITH(parse_size("0x7", "--window"),
                    "--window is '0x7'; expected FREQUENCYxTIME, counts from 1 to 999999999");
}

TEST_CASE("sizes of nothing, without bounds, or in the other axis's unit are refused") {
  for (const std::string text : {"0Hzx1", "-5Hzx1", "nanHzx1", "infHzx1"}) {
    CHECK_THROWS_WITH(parse_size(text, "--grid"), Catch::Contains("more than 0 along frequency"));
  }
  CHECK_THROWS_WITH(parse_size("1x-0.1s", "--stride"),
                    "--stride is '1x-0.1s'; expected more than 0 along time");
  for (const std::string text : {"0.2sx5", "5x100Hz", "0.2sx100Hz"}) {
    CHECK_THROWS_WITH(parse_size(text, "--grid"),
                      Catch::Contains("expected Hertz along frequency, which comes first"));
  }
}
