#include "batch/batch_table.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/file_edits.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
namespace fs = std::filesystem;

namespace {

BatchRow finished(const std::string& name, double seconds = 1.5) {
  BatchRow row{name + ".wav", "a, \"label\"", "cosine", BatchStatus::different,
               "explain",     "other\nseed",  name};
  row.facts = ResultFacts{2.5,     3,
                          640,     0.125,
                          1,       TimeFrequencyBox{0.5, 1.0, 900.0, 1500.0},
                          seconds, HeardClass{0, "rain, hail", 0.75}};
  row.flip = FlipFacts{-0.25, 0.5, false, true, 1.0};
  return row;
}

void write_table(const fs::path& path, const std::vector<BatchRow>& rows) {
  write_text_file(path, batch_csv(rows), Overwrite::yes);
}

std::vector<std::string> files_of(const std::vector<BatchRow>& rows) {
  std::vector<std::string> files;
  for (const BatchRow& row : rows) files.push_back(row.file.filename().string());
  return files;
}

}  // namespace

TEST_CASE("a batch's table reads back as it was written") {
  const test::TemporaryFolder folder;
  const std::vector<BatchRow> rows{
      finished("dog"), {"lost.wav", "", "cosine", BatchStatus::failed, "read", "cut off"}};
  write_table(folder / "summary.csv", rows);
  const std::vector<BatchRow> read = read_batch_table(folder / "summary.csv");
  CHECK(batch_csv(read) == batch_csv(rows));
  CHECK(read.front().reason == "other seed");
  CHECK(read.front().label == "a, \"label\"");
  std::ofstream(folder / "bad.csv") << "file,status,result\na.wav,unheard-of,a\n";
  CHECK_THROWS_AS(read_batch_table(folder / "bad.csv"), IoError);
  std::ofstream(folder / "other.csv") << "file,label\na.wav,dog\n";
  CHECK_THROWS_AS(read_batch_table(folder / "other.csv"), IoError);
}

TEST_CASE("rows of a table last as long as what they speak of") {
  const test::TemporaryFolder folder;
  for (const char* name : {"here.json", "there.wav", "d\xf6g.json", "two\nlines.json"})
    std::ofstream(folder / name) << "x";
  BatchRow failed{
      folder / "there.wav", "", "cosine", BatchStatus::failed, "read", "cut off", "there"};
  BatchRow gone{folder / "gone.wav", "", "cosine", BatchStatus::failed, "read", "cut off", "gone"};
  write_table(folder / "summary.csv", {finished("here"), finished("not"), failed, gone,
                                       finished("d\xf6g"), finished("two\nlines")});
  const std::vector<BatchRow> rows = lasting_rows(folder / "summary.csv");
  CHECK(files_of(rows) ==
        std::vector<std::string>{"here.wav", "there.wav", "d\xef\xbf\xbdg.wav", "two lines.wav"});
  CHECK(rows[2].result == "d\xf6g");
  CHECK(rows[3].result == "two\nlines");
  CHECK(lasting_rows(folder / "missing.csv").empty());
  test::write_content(folder / "summary.csv",
                      "file,status,result,relax_spectro\na.wav,unheard-of,a,0.1\n");
  CHECK_THROWS_AS(lasting_rows(folder / "summary.csv"), IoError);
  CHECK_THROWS_WITH(
      lasting_rows(folder / "summary.csv"),
      Catch::Contains("summary.csv: line 2: ") && Catch::Contains("unheard-of") &&
          Catch::EndsWith("; move the table away, and the next batch begins a new one"));
}

TEST_CASE("rows of a later run take the places of those of the same recording or result") {
  const std::vector<BatchRow> earlier{finished("b", 1.0), finished("c", 1.0), finished("d", 1.0)};
  BatchRow moved = finished("x", 2.0);
  moved.result = "d";
  const std::vector<BatchRow> rows =
      joined_rows(earlier, std::vector<BatchRow>{finished("./b", 2.0), moved, finished("a", 2.0)});
  CHECK(files_of(rows) == std::vector<std::string>{"b.wav", "a.wav", "c.wav", "x.wav"});
}

TEST_CASE("rows stay whose results are there, though another recording wanted their names") {
  const BatchRow here = finished("here/rec");
  BatchRow refused{"there/rec.wav", "",           "cosine",  BatchStatus::different,
                   "explain",       "of another", "here/rec"};
  const std::vector<BatchRow> both = joined_rows(std::vector{here}, std::vector{refused});
  CHECK(both.size() == 2);
  // One recording with two result names, e.g. from a folder and from a list.
  BatchRow again = finished("here/rec");
  again.result = "list/rec";
  CHECK(joined_rows(std::vector{here}, std::vector{again}).size() == 2);
  BatchRow failed = here;
  failed.facts.reset();
  CHECK(joined_rows(std::vector{failed}, std::vector{again}).size() == 1);
}

TEST_CASE("what is unfinished is that in the last table that names a recording") {
  const test::TemporaryFolder folder;
  const BatchRow failed{"/in/a.wav", "", "cosine", BatchStatus::failed, "read", "cut off", "a"};
  const BatchRow other{"/in/b.wav", "", "cosine", BatchStatus::failed, "read", "cut off", "b"};
  BatchRow done = failed;
  done.status = BatchStatus::done;
  BatchRow cut{"/in/c.wav", "", "cosine", BatchStatus::different, "explain", "no JSON", "c"};
  fs::create_directories(folder / "below");
  write_table(folder / "summary.shard-1-of-2.csv", {failed, finished("kept")});
  write_table(folder / "below/summary.csv", {other, cut});
  std::ofstream(folder / "below/summary.shard-1-of-2.csv") << "mine";
  CHECK(files_of(unfinished_recordings(folder / "")) ==
        std::vector<std::string>{"a.wav", "b.wav", "c.wav"});
  write_table(folder / "summary.csv", {done});
  fs::last_write_time(folder / "summary.csv",
                      fs::file_time_type::clock::now() + std::chrono::hours(1));
  CHECK(files_of(unfinished_recordings(folder / "")) == std::vector<std::string>{"b.wav", "c.wav"});
}

TEST_CASE("what is unfinished behind a link to a folder is found, as its results are") {
  const test::TemporaryFolder folder;
  const BatchRow failed{"/in/a.wav", "", "cosine", BatchStatus::failed, "read", "cut off", "a"};
  write_table(folder / "disk/summary.csv", {failed});
  fs::create_directories(folder / "results/broken");
  fs::create_directory_symlink("../disk", folder / "results/site");
  fs::create_directory_symlink(".", folder / "results/loop");
  fs::create_symlink("gone.csv", folder / "results/broken/summary.csv");
  const std::vector<BatchRow> rows = unfinished_recordings(folder / "results");
  CHECK(files_of(rows) == std::vector<std::string>{"a.wav"});
  CHECK(rows.at(0).result == folder / "results/site/a");
}
