#include "relax_spectro/files/output_file.hpp"

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

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
  write_text_file(folder / "a.txt", "first", Overwrite::no);
  CHECK_THROWS_WITH(write_text_file(folder / "a.txt", "second", Overwrite::no),
                    Catch::Contains("--overwrite"));
  CHECK(read_text_file(folder / "a.txt") == "first");
  write_text_file(folder / "a.txt", "third", Overwrite::yes);
  CHECK(read_text_file(folder / "a.txt") == "third");
}

TEST_CASE("a folder that cannot be made is named") {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "file") << "x";
  CHECK_THROWS_AS(OutputFile(folder / "file/below/a.txt", Overwrite::no), IoError);
}

TEST_CASE("what a killed program left of named results is cleared, and nothing else") {
  const test::TemporaryFolder folder;
  for (const char* name :
       {".dog.12.partial.npz", ".dog.12.partial.json", ".dog.12.partial.npz.a1B2c3", "dog.npz",
        "dog.png", ".dog.flip.3.partial.npz", ".cat.3.partial.json", "cat.json", "cat.npz",
        ".gull.3.partial.json", "gull.npz", "dog.txt", ".dog.x.partial.npz"}) {
    std::ofstream(folder / name) << "x";
  }
  const std::vector<std::filesystem::path> stems{folder / "dog", folder / "cat",
                                                 folder / "missing/dog"};
  clear_partial_files(stems);
  std::set<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "")) {
    left.insert(entry.path().filename().string());
  }
  CHECK(left == std::set<std::string>{".dog.flip.3.partial.npz", "cat.json", "cat.npz",
                                      ".gull.3.partial.json", "gull.npz", "dog.txt",
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
      file.write("of relax-spectro");
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
