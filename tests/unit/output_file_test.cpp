#include "relax_spectro/output_file.hpp"

#include <fstream>

#include "relax_spectro/error.hpp"
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
