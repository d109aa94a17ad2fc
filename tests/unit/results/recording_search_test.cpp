#include "results/recording_search.hpp"

#include <fstream>
#include <string>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
namespace fs = std::filesystem;

namespace {

// The same name, composed and decomposed.
constexpr const char* kComposed = "Gr\xC3\xBCnspecht.wav";
constexpr const char* kDecomposed = "Gru\xCC\x88nspecht.wav";

/// Writes a recording, and returns what a result stores about it.
SourceFile put(const fs::path& path, const char* text = "sound") {
  write_text_file(path, text, Overwrite::no);
  return source_file(path);
}

}  // namespace

TEST_CASE("a recording that was moved is known by its name and its SHA-256") {
  const test::TemporaryFolder folder;
  const SourceFile recorded = put(folder / "old/dog.wav");
  const fs::path json_path = folder / "results/dog.json";
  put(folder / "store/a/dog.wav", "another dog");
  const auto found = [&] { return RecordingSearch(folder / "store").find(recorded, json_path); };
  CHECK(found().path == recorded.path);
  fs::create_directories(folder / "store/b");
  fs::rename(recorded.path, folder / "store/b/dog.wav");
  CHECK(found().path == folder / "store/b/dog.wav");
  CHECK(found().sha256 == recorded.sha256);
  put(folder / "results/dog.wav");
  CHECK(found().path == folder / "results/dog.wav");
}

TEST_CASE("a changed recording at its old place is taken only where the right one is nowhere") {
  const test::TemporaryFolder folder;
  const SourceFile recorded = put(folder / "dog.wav");
  const fs::path json_path = folder / "results/dog.json";
  std::ofstream(folder / "dog.wav") << "changed";
  CHECK(RecordingSearch().find(recorded, json_path).sha256 != recorded.sha256);
  put(folder / "results/dog.wav");
  CHECK(RecordingSearch().find(recorded, json_path).path == folder / "results/dog.wav");
}

TEST_CASE("the same name in another Unicode normalisation is found below a folder") {
  const test::TemporaryFolder folder;
  SourceFile recorded = put(folder / "store" / kDecomposed);
  recorded.path = fs::path("gone") / kComposed;
  CHECK(RecordingSearch(folder / "store").find(recorded, "x.json").path ==
        folder / "store" / kDecomposed);
}

TEST_CASE("where a recording is not found, all places are named, and what to do") {
  const test::TemporaryFolder folder;
  SourceFile recorded = put(folder / "store/dog.wav");
  recorded.path = "gone/dog.wav";
  recorded.sha256 = std::string(64, '0');
  RecordingSearch recordings(folder / "store");
  CHECK_THROWS_AS(recordings.find(recorded, folder / "dog.json"), IoError);
  CHECK_THROWS_WITH(recordings.find(recorded, folder / "dog.json"),
                    Catch::StartsWith("gone/dog.wav: ") && Catch::Contains("dog.json") &&
                        Catch::Contains((folder / "store/dog.wav").string()) &&
                        Catch::Contains("--recordings"));
  CHECK_THROWS_WITH(RecordingSearch(folder / "none"), Catch::Contains("none: no such folder"));
}
