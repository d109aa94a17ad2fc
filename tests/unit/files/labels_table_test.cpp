#include "files/labels_table.hpp"

#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

LabelsTable table_of(const test::TemporaryFolder& folder, const std::string& text) {
  write_text_file(folder / "labels.csv", text, Overwrite::no);
  return LabelsTable(folder / "labels.csv");
}

}  // namespace

TEST_CASE("recordings find their labels by path, and else by their only file name") {
  const test::TemporaryFolder folder;
  const LabelsTable table = table_of(folder,
                                     "file,Species,group,weight,site\n"
                                     "day/a.wav,wren,g1,2,north\n"
                                     "night/a.wav,owl,g2,1,south\n"
                                     "C:\\calls\\b.wav,wren,g1,0.5,\n"
                                     "other.wav,,g3,1,west\n");
  const auto rows = table.of(std::vector<std::string>{"night/a.wav", "elsewhere/b.wav"});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].label == "owl");
  CHECK(rows[0].group == "g2");
  CHECK(rows[0].slices == std::map<std::string, std::string>{{"site", "south"}});
  CHECK(rows[1].label == "wren");
  CHECK(rows[1].weight == 0.5);
  CHECK(table.has("Group"));
  CHECK_FALSE(table.has("fold"));
}

TEST_CASE("the first ten recordings without a line, or with several, are named") {
  const test::TemporaryFolder folder;
  const LabelsTable table =
      table_of(folder, "file,label\nday/a.wav,wren\nnight/a.wav,owl\nb.wav,owl\n");
  std::vector<std::string> missing;
  for (char c = 'c'; c < 'p'; ++c) missing.push_back(std::string(1, c) + ".wav");
  CHECK_THROWS_WITH(table.of(missing), Catch::Contains("no line for 13 recordings: c.wav, ") &&
                                           Catch::Contains(", l.wav, …; expected") &&
                                           !Catch::Contains("m.wav"));
  CHECK_THROWS_WITH(table.of(std::vector<std::string>{"dusk/a.wav"}),
                    Catch::Contains("no line of its own for 1 recording: dusk/a.wav"));
  CHECK_THROWS_WITH(table.of(std::vector<std::string>{"x/b.wav", "y/b.wav"}),
                    Catch::Contains("no line of its own for 1 recording: y/b.wav"));
}

TEST_CASE("a table of labels that is not one is refused with its line") {
  const auto [text, what] = GENERATE(table<std::string, std::string>({
      {"file,site\na.wav,north\n", "line 1: has the columns file, site; expected"},
      {"file,label\n", "has no line below its header"},
      {"file,label\n,wren\n", "line 2: file is empty"},
      {"file,label,fold\na.wav,wren,1\nb.wav,owl,\n", "line 3: fold is empty"},
      {"file,label,split\na.wav,wren,dev\n", "line 2: split is 'dev', expected train or test"},
      {"file,label,weight\na.wav,wren,heavy\n", "line 2: weight is 'heavy'"},
  }));
  const test::TemporaryFolder folder;
  CHECK_THROWS_WITH(table_of(folder, text), Catch::Contains(what));
}
