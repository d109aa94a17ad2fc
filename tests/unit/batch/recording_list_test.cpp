#include "batch/recording_list.hpp"

#include <filesystem>
#include <fstream>
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
  return list_recordings(inputs).recordings;
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
  refuses(
      "set.csv", "name,label\ndog.wav,dog\n",
      ": line 1: has the columns name, label; expected names that include file and, optionally, label");
  refuses("set.csv", "file,label\ndog.wav,dog\n,cat\n", ": line 3: file is empty");
  refuses("set.csv", "file,label\ndog.wav,dog,1\n", ": line 2: has 3 fields, expected 2");
  refuses("set.csv", "file\n\"dog.wav\n", ": line 2: a quote is not closed");
  refuses("set.csv", "file,label\n", ": has no line below its header");
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

TEST_CASE("links to folders are followed, and each folder is looked into once") {
  const test::TemporaryFolder folder;
  touch(folder / "disk/x.wav");
  touch(folder / "rec/y.wav");
  touch(folder / "rec/real/z.wav");
  fs::create_directory_symlink("../disk", folder / "rec/site");
  fs::create_directory_symlink(".", folder / "rec/a_loop");
  fs::create_directory_symlink("../rec", folder / "disk/another_loop");
  fs::create_directory_symlink("real", folder / "rec/again");
  CHECK(places({folder / "rec"}) == std::vector<std::string>{"real/z.wav", "site/x.wav", "y.wav"});
  fs::create_directory(folder / "links");
  fs::create_directory_symlink("../disk", folder / "links/site");
  CHECK(places({folder / "links"}) == std::vector<std::string>{"site/another_loop/real/z.wav",
                                                               "site/another_loop/y.wav",
                                                               "site/x.wav"});
}

TEST_CASE("what systems keep for themselves is no recording") {
  const test::TemporaryFolder folder;
  for (const char* name :
       {"a.wav", "._a.wav", "$RECYCLE.BIN/b.wav", "System Volume Information/c.wav",
        ".Trash-1000/files/d.wav", "__MACOSX/e.wav", "#recycle/f.wav", "@eaDir/a.wav/g.wav"}) {
    touch(folder / name);
  }
  CHECK(places({folder / ""}) == std::vector<std::string>{"a.wav"});
}

TEST_CASE("a list finds files whose names are spelled otherwise on the disk") {
  const test::TemporaryFolder folder;
  const auto found = [&](const std::string& name) {
    std::ofstream(folder / "list.txt") << name << "\n";
    return list({folder / "list.txt"}).at(0).path.lexically_relative(folder / "").string();
  };
  touch(folder / "site/a.wav");
  touch(folder / "Gru\xCC\x88n/Gru\xCC\x88n.wav");
  touch(folder / "back\\slash.wav");
  touch(folder / "B.WAV");
  touch(folder / "Caf\xE9.wav");  // a Latin-1 byte, which is not UTF-8
  CHECK(found("site\\a.wav") == "site/a.wav");
  CHECK(found("Gr\xC3\xBCn\\Gr\xC3\xBCn.wav") == "Gru\xCC\x88n/Gru\xCC\x88n.wav");
  CHECK(found("back\\slash.wav") == "back\\slash.wav");
  CHECK(found("b.wav") == "B.WAV");
  CHECK(found("Caf\xE9.wav") == "Caf\xE9.wav");
  CHECK(found("Caf\xC3\xA9.wav") == "Caf\xE9.wav");
  CHECK(found("none\\a.wav") == "none\\a.wav");
  touch(folder / "b.Wav");
  CHECK(found("b.wav") == "b.wav");  // either could be meant
}

TEST_CASE("each name of a list finds its own file in folders that are looked into once") {
  const test::TemporaryFolder folder;
  for (const char* name : {"Gru\xCC\x88n/a.wav", "Gru\xCC\x88n/B.wav", "rot/u\xCC\x88.wav",
                           "rot/U\xCC\x88.wav", "rot/c.wav"}) {
    touch(folder / name);
  }
  std::ofstream(folder / "list.txt") << "Gr\xC3\xBCn/a.wav\nGr\xC3\xBCn/b.wav\nrot/\xC3\xBC.wav\n"
                                        "rot/\xC3\x9C.wav\nROT/c.wav\nGr\xC3\xBCn/c.wav\n";
  CHECK(places({folder / "list.txt"}) ==
        std::vector<std::string>{"Gru\xCC\x88n/B.wav", "Gru\xCC\x88n/a.wav", "Gr\xC3\xBCn/c.wav",
                                 "rot/U\xCC\x88.wav", "rot/c.wav", "rot/u\xCC\x88.wav"});
}

TEST_CASE("a table may call its columns as other programs do") {
  const test::TemporaryFolder folder;
  write_text_file(folder / "set.csv", "filename;fold;category\n1-17367-A-10.wav;1;rain\n;;\n",
                  Overwrite::no);
  const auto found = list({folder / "set.csv"});
  REQUIRE(found.size() == 1);
  CHECK(found[0].place == "1-17367-A-10.wav");
  CHECK(found[0].label == "rain");
}
