#include "relax_spectro/batch/recording_list.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
namespace fs = std::filesystem;

namespace {

void touch(const fs::path& path) { write_text_file(path, "x", Overwrite::no); }

std::vector<ListedRecording> list(const std::vector<fs::path>& inputs) {
  return list_recordings(inputs);
}

std::vector<std::string> places(const std::vector<fs::path>& inputs) {
  std::vector<std::string> texts;
  for (const auto& recording : list(inputs)) texts.push_back(recording.place.string());
  return texts;
}

void refuses(const std::string& name, const std::string& text, const std::string& expected) {
  const test::TemporaryFolder folder;
  write_text_file(folder / name, text, Overwrite::no);
  CHECK_THROWS_AS(list({folder / name}), IoError);
  CHECK_THROWS_WITH(list({folder / name}), Catch::Contains(name + expected));
}

}  // namespace

TEST_CASE("a folder gives the recordings in it and below it, sorted, and nothing else") {
  const test::TemporaryFolder folder;
  for (const char* name : {"b.wav", "a.FLAC", "notes.txt", ".hidden.wav", "night/c.ogg",
                           "night/deep/d.mp3", ".cache/e.wav", "picture.png"}) {
    touch(folder / name);
  }
  CHECK(places({folder / ""}) ==
        std::vector<std::string>{"a.FLAC", "b.wav", "night/c.ogg", "night/deep/d.mp3"});
  CHECK(list({folder / ""})[2].path == folder / "night/c.ogg");
  CHECK(list({folder / ""})[2].label.empty());
}

TEST_CASE("folders without a recording, and those that are not there, are refused") {
  const test::TemporaryFolder folder;
  touch(folder / "notes.txt");
  CHECK_THROWS_WITH(list({folder / ""}), Catch::Contains("holds no recording"));
  CHECK_THROWS_WITH(list({folder / "missing.txt"}), Catch::Contains("no such file"));
}

TEST_CASE("paths in lists are relative to the list, whatever ends its lines") {
  const test::TemporaryFolder folder;
  write_text_file(folder / "list.txt",
                  "\xEF\xBB\xBFnight/dog.wav\r\n\r\n  cat.wav \n/tmp/gull.wav\n", Overwrite::no);
  const auto found = list({folder / "list.txt"});
  REQUIRE(found.size() == 3);
  CHECK(found[0].path == "/tmp/gull.wav");
  CHECK(found[0].place == "gull.wav");
  CHECK(found[1].path == folder / "cat.wav");
  CHECK(found[2].path == folder / "night/dog.wav");
  CHECK(found[2].place == "night/dog.wav");
}

TEST_CASE("results of recordings outside the list's folder stay within the output folder") {
  const test::TemporaryFolder folder;
  write_text_file(folder / "list.txt", "../elsewhere/dog.wav\nx/../../cat.wav\n", Overwrite::no);
  CHECK(places({folder / "list.txt"}) == std::vector<std::string>{"dog.wav", "cat.wav"});
}

TEST_CASE("a table gives labels, wherever its columns stand") {
  const test::TemporaryFolder folder;
  write_text_file(folder / "set.csv",
                  "Label,fold,File\n\"dog, barking\",1,\"a \"\"b\"\".wav\"\n,2,cat.wav\n\n",
                  Overwrite::no);
  const auto found = list({folder / "set.csv"});
  REQUIRE(found.size() == 2);
  CHECK(found[0].path == folder / "a \"b\".wav");
  CHECK(found[0].label == "dog, barking");
  CHECK(found[1].label.empty());
}

TEST_CASE("a list that is none is refused with its name and the line") {
  refuses("set.csv", "path,label\ndog.wav,dog\n", ": line 1: there is no column file");
  refuses("set.csv", "file,label\ndog.wav,dog\n,cat\n", ": line 3: file is empty");
  refuses("set.csv", "file,label\ndog.wav,dog,1\n", ": line 2: has 3 fields, expected 2");
  refuses("set.csv", "file\n\"dog.wav\n", ": line 2: a quote is not closed");
  refuses("set.csv", "file,label\n", ": names no recording");
  refuses("list.txt", "\n\n", ": names no recording");
  refuses("list.txt", "dog.wav\ncat.wav\n./dog.wav\n", ": line 3:");
}

TEST_CASE("a recording that two inputs name is refused") {
  const test::TemporaryFolder folder;
  touch(folder / "dog.wav");
  CHECK_THROWS_AS(list({folder / "", folder / "dog.wav"}), ConfigError);
}

TEST_CASE("results mirror subfolders, and recordings of one stem are told apart") {
  const auto stems = [](const std::vector<ListedRecording>& recordings) {
    std::vector<std::string> texts;
    for (const auto& stem : result_stems(recordings)) texts.push_back(stem.string());
    return texts;
  };
  CHECK(stems({{"r/day/dog.wav", "day/dog.wav"}, {"r/night/dog.wav", "night/dog.wav"}}) ==
        std::vector<std::string>{"day/dog", "night/dog"});
  CHECK(stems({{"r/dog.wav", "dog.wav"}, {"r/dog.flac", "dog.flac"}}) ==
        std::vector<std::string>{"dog_wav", "dog_flac"});
  CHECK(stems({{"a/dog.wav", "dog.wav"}, {"b/dog.wav", "dog.wav"}}) ==
        std::vector<std::string>{"a_dog_wav", "b_dog_wav"});
}
