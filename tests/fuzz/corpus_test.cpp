#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "fuzz/readers.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// @returns the number of files.
std::size_t read_corpus(const fuzz::Reader& reader, const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    INFO(entry.path().string());
    const std::vector<std::uint8_t> bytes = bytes_of(entry.path());
    CHECK_NOTHROW(reader.read(bytes));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("readers take every file of their corpus, or refuse it with an error of ours") {
  for (const fuzz::Reader& reader : fuzz::readers()) {
    CHECK(read_corpus(reader, std::filesystem::path(RELAX_SPECTRO_CORPUS) / reader.name) > 0);
  }
}

TEST_CASE("readers take a file that is cut off anywhere, or refuse it") {
  for (const fuzz::Reader& reader : fuzz::readers()) {
    const std::filesystem::path corpus(RELAX_SPECTRO_CORPUS);
    for (const auto& entry : std::filesystem::directory_iterator(corpus / reader.name)) {
      std::vector<std::uint8_t> bytes = bytes_of(entry.path());
      for (const std::size_t tenths : {1U, 3U, 5U, 7U, 9U}) {
        INFO(entry.path().string() << " cut off after " << tenths << " tenths");
        CHECK_NOTHROW(reader.read(std::span(bytes).first(bytes.size() * tenths / 10)));
      }
    }
  }
}
