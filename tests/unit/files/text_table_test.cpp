#include "files/text_table.hpp"

#include <fstream>
#include <string>
#include <vector>

#include "model/class_names.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using core::TableFields;
using core::TableLine;

namespace {

constexpr const char* kName =
    "Gr\xC3\xBCn \xE2\x82\xAC";  // with an umlaut and the sign of the Euro

/// Columns a and b of each line.
std::vector<TableFields> rows(const std::string& text) {
  const test::TemporaryFolder folder;
  write_text_file(folder / "table.csv", text, Overwrite::no);
  std::vector<TableFields> found;
  core::TextTable(folder / "table.csv").for_each_line([&found](const TableLine& line) {
    found.push_back({line.text("a"), line.text("b")});
  });
  return found;
}

double number(const std::string& text) {
  const test::TemporaryFolder folder;
  write_text_file(folder / "table.csv", text, Overwrite::no);
  double found = 0.0;
  core::TextTable(folder / "table.csv").for_each_line([&found](const TableLine& line) {
    found = line.number("b", {});
  });
  return found;
}

/// ASCII, the umlaut and the euro sign in UTF-16.
std::string utf16(const std::string& ascii, bool little_endian) {
  std::string text;
  const auto add = [&](unsigned character) {
    const char low = static_cast<char>(character & 0xffU);
    const char high = static_cast<char>(character >> 8U);
    text += little_endian ? std::string{low, high} : std::string{high, low};
  };
  add(0xfeff);
  for (const char c : ascii) add(c == '@' ? 0xfcU : c == '~' ? 0x20acU : unsigned(c));
  return text;
}

using Rows = std::vector<TableFields>;

}  // namespace

TEST_CASE("a table is the same in UTF-8, in UTF-16 and in Windows-1252") {
  const Rows expected{{kName, "1"}};
  CHECK(rows(std::string("a,b\n") + kName + ",1\n") == expected);
  CHECK(rows(std::string("\xEF\xBB\xBF"
                         "a,b\n") +
             kName + ",1\n") == expected);
  CHECK(rows(utf16("a\tb\r\nGr@n ~\t1\r\n", true)) == expected);
  CHECK(rows(utf16("a,b\nGr@n ~,1\n", false)) == expected);
  CHECK(rows("a,b\nGr\xFCn \x80,1\n") == expected);
  CHECK(rows(std::string("a,b\nGr\xFCn \x80,1\n") + kName + ",1\n") ==
        Rows{{kName, "1"}, {kName, "1"}});
}

TEST_CASE("what holds zero bytes is refused with the reason, not cut off") {
  CHECK_THROWS_WITH(rows(std::string("a,b\n\0,1\n", 8)), Catch::EndsWith("in UTF-8"));
  const std::string without_mark = utf16("a,b\n1,2\n", true).substr(2);
  CHECK_THROWS_WITH(rows(without_mark), Catch::Contains("table.csv: contains zero bytes"));
  CHECK_THROWS_WITH(rows(utf16("a,b\n1,2\n", true) + std::string("\x00\xD8", 2)),  // half a pair
                    Catch::Contains("table.csv: contains zero bytes"));
}

TEST_CASE("the header says what keeps fields apart") {
  const Rows expected{{"x", "y"}};
  for (const char* text : {"a,b\nx,y\n", "a;b\nx;y\n", "a\tb\nx\ty\n", "sep=;\na;b\nx;y\n",
                           "\"a\";\"b, c; d\";b\nx;;y\n", "\n,,\na,b\nx,y\n"}) {
    CHECK(rows(text) == expected);
  }
  CHECK(rows("a;b\n\"x;y\";z,z\n") == Rows{{"x;y", "z,z"}});
}

TEST_CASE("rows of separators alone and empty fields at the end of a row are passed over") {
  const Rows expected{{"x", "y"}, {"z", ""}};
  CHECK(rows("a,b\nx,y,,,\n,,\n  \n\"\",\"\"\nz,\n") == expected);
  CHECK(rows("a,b,,\nx,y\nz\n,,,,,\n") == expected);
  CHECK(rows("a;b;\nx;y;\n;;\nz;;\n") == expected);
  CHECK(rows("a\tb\t\nx\ty\t\t\n\t\t\nz\t\n") == expected);
  CHECK_THROWS_WITH(rows("a,b\nx,y,,z\n"), Catch::Contains("line 2: has 4 fields, expected 2") &&
                                               Catch::Contains("quote"));
  CHECK_THROWS_WITH(rows("a\tb\nx\ty\tz\n"),
                    Catch::Contains("no field may hold a tab") && !Catch::Contains("quote"));
}

TEST_CASE("a comma is a decimal point where it does not keep fields apart") {
  CHECK(number("a;b\nx;1,25\n") == 1.25);
  CHECK(number("a\tb\nx\t1,25\n") == 1.25);
  CHECK(number("a;b\nx;1.25\n") == 1.25);
  for (const char* text : {"a;b\nx;1.234,5\n", "a;b\nx;1,2,3\n", "a,b\nx,\"1,25\"\n"}) {
    CHECK_THROWS_WITH(number(text), Catch::Contains("expected a number such as 1.25"));
  }
}

TEST_CASE("columns are found whatever their case, and _ is a space") {
  CHECK(rows("B,A\ny,x\n") == Rows{{"x", "y"}});
  const test::TemporaryFolder folder;
  write_text_file(folder / "table.csv", ",Common Name\n1,Gull\n", Overwrite::no);
  const core::TextTable table(folder / "table.csv");
  CHECK(table.header().has("common_name"));
  CHECK_FALSE(table.header().has(""));
}

TEST_CASE("names of classes are read from the same kinds of text") {
  const test::TemporaryFolder folder;
  const auto names = [&folder](const std::string& text) {
    std::ofstream(folder / "labels.csv") << text;
    return read_class_names(folder / "labels.csv");
  };
  CHECK(names(utf16("Gr@n ~\r\nSpeech, male\r\n\r\n", true)) == TableFields{kName, "Speech, male"});
  CHECK(names("index;mid;display_name;\n0;/m/1;\"a; b\";\n;;;\n") == TableFields{"a; b"});
  CHECK(names("Gr\xFCn \x80\n") == TableFields{kName});
  CHECK_THROWS_WITH(names(std::string("a\0b\n", 4)),
                    Catch::Contains("labels.csv: contains zero bytes"));
}
