#include "evaluation/recording_boxes.hpp"

#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

/// A recording whose path is also its hash.
SourceFile recording(const std::string& path) { return {path, path}; }

/// A table with a box for each name. Each begins at the name's index in the list.
BoxTable table_of(const std::vector<std::string>& names) {
  BoxTable table{"boxes.csv", true, {}};
  for (const std::string& name : names) {
    const auto begin_s = static_cast<double>(table.boxes.size());
    table.boxes.push_back({.start_s = begin_s, .end_s = begin_s + 1.0, .recording = name});
  }
  return table;
}

using Starts = std::vector<double>;

/// The starts of a recording's boxes, with other recordings present.
Starts starts(const std::vector<std::string>& names, const std::string& path,
              const std::vector<std::string>& others = {}) {
  std::vector<SourceFile> recordings{recording(path)};
  for (const std::string& other : others) recordings.push_back(recording(other));
  Starts found;
  for (const AnnotatedBox& box : RecordingBoxes(table_of(names), recordings).of(recordings[0])) {
    found.push_back(box.start_s);
  }
  return found;
}

}  // namespace

TEST_CASE("boxes are those of a recording by its name, else by its name without the ending") {
  const std::vector<std::string> names{"night/dog.wav", "dog.flac", "cat.wav"};
  CHECK(starts(names, "elsewhere/dog.wav") == Starts{0.0});
  CHECK(starts(names, "dog.flac") == Starts{1.0});
  CHECK(starts(names, "dog.ogg") == Starts{0.0, 1.0});
  CHECK(starts(names, "Dog.WAV") == Starts{0.0, 1.0});
  CHECK(starts({"dog.wav"}, "dog.flac", {"dog.wav"}) == Starts{0.0});
  CHECK_THROWS_AS(starts(names, "bird.wav"), IoError);
  CHECK_THROWS_WITH(starts(names, "bird.wav"),
                    Catch::Contains("boxes.csv: has no boxes for bird.wav, "
                                    "only for cat.wav, dog.flac, night/dog.wav;"));
}

TEST_CASE("folders tell equal names apart") {
  const std::vector<std::string> sites{"site1/a.wav", "site2/a.wav"};
  CHECK(starts(sites, "rec/site1/a.wav", {"rec/site2/a.wav"}) == Starts{0.0});
  CHECK(starts(sites, "/data/rec/site2/a.wav") == Starts{1.0});
  CHECK(starts({"C:\\rec\\site1\\a.wav", "C:\\rec\\site2\\a.wav"}, "/home/x/site2/a.wav") ==
        Starts{1.0});
  // one file, named with more and with fewer of its folders
  CHECK(starts({"a.wav", "site1/a.wav", "./site1/a.wav"}, "rec/site1/a.wav") ==
        Starts{0.0, 1.0, 2.0});
  CHECK(starts({"rec/a.wav"}, "rec/a.wav", {"old/rec/a.wav"}) == Starts{0.0});
  // no boxes for the other recording
  CHECK_THROWS_WITH(starts({"site1/a.wav"}, "site2/a.wav", {"site1/a.wav"}),
                    Catch::Contains("has no boxes for site2/a.wav"));
}

TEST_CASE("what folders do not tell apart is refused") {
  CHECK_THROWS_WITH(starts({"site1/a.wav", "site2/a.wav"}, "a.wav"),
                    Catch::Contains("a.wav may be either"));
  CHECK_THROWS_WITH(starts({"site1/a.wav", "site2/a.wav"}, "moved/a.wav"),
                    Catch::Contains("moved/a.wav may be either"));
  CHECK_THROWS_WITH(starts({"a.wav"}, "site1/a.wav", {"site2/a.wav"}),
                    Catch::Contains("names a.wav, which may be site1/a.wav or site2/a.wav"));
  CHECK_THROWS_WITH(starts({"dog.wav"}, "DOG.wav", {"dog.wav"}), Catch::Contains("which may be"));
}

TEST_CASE("names that differ in Unicode normalisation alone are the same") {
  CHECK(starts({"Gr\xC3\xBCn.wav"}, "Gru\xCC\x88n.wav") == Starts{0.0});
  CHECK(starts({"Gru\xCC\x88n/a.wav", "Rot/a.wav"}, "x/Gr\xC3\xBCn/a.wav") == Starts{0.0});
  CHECK(starts({"\xC3\x89tang.wav"}, "\xC3\xA9tang.wav") == Starts{0.0});  // case
  CHECK(starts({"Gr\xC3\xBCn.wav"}, "Gr\xFCn.wav") == Starts{0.0});        // a file name in Latin-1
}

TEST_CASE("a table that names no recordings is that of one, however often it was explained") {
  BoxTable table = table_of({"", ""});
  table.names_recordings = false;
  const std::vector<SourceFile> same{{"a.wav", "1"}, {"moved/a.wav", "1"}};
  CHECK(RecordingBoxes(table, same).of(same[1]).size() == 2);
  const std::vector<SourceFile> other{{"site1/a.wav", "1"}, {"site2/a.wav", "2"}};
  CHECK_THROWS_AS(RecordingBoxes(table, other), ConfigError);
  CHECK_THROWS_WITH(RecordingBoxes(table, other),
                    Catch::Contains("boxes.csv: does not name the recordings"));
}
