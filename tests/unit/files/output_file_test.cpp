#include "relax_spectro/files/output_file.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "files/output_files.hpp"
#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

TEST_CASE("a file appears only when it is whole") {
  const test::TemporaryFolder folder;
  const auto path = folder / "new/a.txt";
  {
    OutputFile file(path, Overwrite::no);
    file.write("half");
    CHECK_FALSE(std::filesystem::exists(path));
    CHECK(file.temporary_path().extension() == ".txt");
    file.write("whole");
    file.commit();
  }
  CHECK(read_text_file(path) == "whole");
}

TEST_CASE("a file that is given up leaves nothing behind") {
  const test::TemporaryFolder folder;
  {
    OutputFile file(folder / "a.txt", Overwrite::no);
    file.write("half");
  }
  CHECK(std::filesystem::is_empty(folder / ""));
}

TEST_CASE("finished files are overwritten only where asked") {
  const test::TemporaryFolder folder;
  const std::string own = "file\trelax_spectro\n";
  write_text_file(folder / "a.txt", own, Overwrite::no);
  CHECK_THROWS_WITH(write_text_file(folder / "a.txt", "second", Overwrite::no),
                    Catch::Contains("--overwrite"));
  CHECK(read_text_file(folder / "a.txt") == own);
  write_text_file(folder / "a.txt", "third", Overwrite::yes);
  CHECK(read_text_file(folder / "a.txt") == "third");
  CHECK_THROWS_WITH(write_text_file(folder / "a.txt", "fourth", Overwrite::yes),
                    Catch::Contains("relax-spectro did not make it"));
  CHECK(read_text_file(folder / "a.txt") == "third");
}

TEST_CASE("a file is this tool's own where its ends say so, or its name") {
  const test::TemporaryFolder folder;
  const auto is_own = [&folder](const std::string& name, const std::string& text) {
    std::ofstream(folder / name, std::ios::binary) << text;
    return is_own_file(folder / name);
  };
  const std::string filler(5000, 'x');
  CHECK(is_own("a.csv", "file,relax_spectro\n" + filler));
  CHECK(is_own("b.svg", filler + "<!-- relax-spectro 1.2.3 -->\n"));
  CHECK(is_own("c.csv", "relax_spectro,file\r\n"));
  // A user's own files may mention this tool, or be in a folder with its name.
  CHECK_FALSE(is_own("d.csv", "recording,mean\n/home/me/relax-spectro/a.wav,0.4\n"));
  CHECK_FALSE(is_own("relax_spectro.csv", "my_relax_spectro,note\nrelax_spectro,x\n"));
  CHECK_FALSE(is_own("notes.html", "<a href=\"x\">relax-spectro 1.2.3</a>"));
  CHECK_FALSE(is_own("dog.npz", "PK my relax-spectro results"));
  CHECK(is_own("any.name", R"({"format": "relax-spectro check"})"));
  CHECK_FALSE(is_own("e.csv", filler + "relax_spectro" + filler));
  CHECK_FALSE(is_own("f.csv", "file,label\n"));
  CHECK_FALSE(is_own("g.csv", ""));
  CHECK(is_own("h.json", R"({"format": "relax-spectro result"})"));
  CHECK_FALSE(
      is_own("i.json", R"({"card_version": 1, "notes": {"imported_by": "relax-spectro 1"}})"));
  CHECK(is_own("j.labels.relax-spectro.txt", "0\t1\tx\n"));
  CHECK_FALSE(is_own_file(folder / "missing"));
  CHECK_FALSE(is_own_file(folder / ""));
}

TEST_CASE("a folder that cannot be made is named") {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  CHECK_THROWS_AS(OutputFile(folder / "file/below/a.txt", Overwrite::no), IoError);
}

TEST_CASE("what a killed program left of named results is cleared, and nothing else") {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "dog.svg") << "a user's own";
  for (const char* name :
       {".dog.12.partial.npz", ".dog.12.partial.json", ".dog.12.partial.npz.a1B2c3", "dog.npz",
        "dog.png", ".dog.flip.3.partial.npz", ".cat.3.partial.json", "cat.json", "cat.npz",
        ".gull.3.partial.json", "gull.npz", "dog.txt", ".dog.x.partial.npz"}) {
    std::ofstream(folder / name) << "PK"
                                 << "tEXtSoftware" << '\0' << own_mark();
  }
  const std::vector<std::filesystem::path> stems{folder / "dog", folder / "cat",
                                                 folder / "missing/dog"};
  clear_partial_files(stems);
  std::set<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "")) {
    left.insert(entry.path().filename().string());
  }
  CHECK(left == std::set<std::string>{".dog.flip.3.partial.npz", "cat.json", "cat.npz",
                                      ".gull.3.partial.json", "gull.npz", "dog.svg", "dog.txt",
                                      ".dog.x.partial.npz"});
}

TEST_CASE("a name may be as long as the file system allows") {
  constexpr std::size_t kRoomForLibzip = 7;
  const test::TemporaryFolder folder;
  const std::string long_name(250, 'n');
  std::vector<std::filesystem::path> left;
  for (const std::string& name : {long_name, long_name.substr(1) + "m"}) {
    for (const char* ending : {".npz", ".json"}) {
      OutputFile file(folder / (name + ending), Overwrite::no);
      CHECK(file.temporary_path().filename().string().size() + kRoomForLibzip <= 255);
      left.push_back(file.temporary_path());
      file.write("PK relax-spectro 1.2.3");
      file.commit();
    }
    std::filesystem::remove(folder / (name + ".json"));
  }
  CHECK(std::set(left.begin(), left.end()).size() == 4);
  for (const auto& path : left) std::ofstream(path) << "x";  // as if killed before the JSON
  clear_partial_files(std::vector<std::filesystem::path>{folder / long_name});
  CHECK_FALSE(std::filesystem::exists(folder / (long_name + ".npz")));
  for (std::size_t i = 0; i < left.size(); ++i) CHECK(std::filesystem::exists(left[i]) == (i >= 2));
}

TEST_CASE("the files of a result appear together") {
  const test::TemporaryFolder folder;
  const auto files_of = [&](Overwrite overwrite) {
    return OutputFiles(folder / "dog", ".map", {".table.csv"}, "svg", overwrite);
  };
  const std::string own = R"({"format": "relax-spectro map"})";
  {
    OutputFiles files = files_of(Overwrite::no);
    files.write(".table.csv", "relax_spectro\n");
    files.draw([](const auto& path) {
      write_text_file(path, "<!-- relax-spectro 1 -->\n", Overwrite::yes);
    });
    files.commit(own);
  }
  for (const std::string name : {"dog.map.json", "dog.table.csv", "dog.map.svg"}) {
    CHECK(std::filesystem::exists(folder / name));
    std::filesystem::rename(folder / name, folder / "aside");
    CHECK_NOTHROW(files_of(Overwrite::yes));
    std::filesystem::rename(folder / "aside", folder / name);
    CHECK_THROWS_WITH(files_of(Overwrite::no), Catch::Contains("--overwrite"));
  }
  OutputFiles files = files_of(Overwrite::yes);
  files.write(".table.csv", "new");
  files.draw([](const auto&) { throw IoError("no space"); });
  CHECK_THROWS_WITH(files.commit("{}"), "no space");
  CHECK(read_text_file(folder / "dog.map.json") == own);
  CHECK(read_text_file(folder / "dog.table.csv") == "relax_spectro\n");
}
