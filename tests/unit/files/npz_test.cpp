#include "files/npz.hpp"

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "core/files/npy_format.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

void write_example(const std::filesystem::path& path) {
  NpzWriter writer;
  writer.add("floats", {2, 2}, std::span<const float>(std::vector<float>{1.5F, -2.0F, 0.0F, 3.0F}));
  writer.add("doubles", {3}, std::span<const double>(std::vector<double>{1e-300, 2.0, -0.5}));
  writer.add("bytes", {1, 1, 2}, std::span<const std::uint8_t>(std::vector<std::uint8_t>{0, 255}));
  writer.add("longs", {2}, std::span<const std::int64_t>(std::vector<std::int64_t>{-7, 1 << 30}));
  writer.add("none", {0, 4}, std::span<const float>());
  writer.write(path);
}

std::string with_header(const std::string& header) {
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  return bytes + header;
}

}  // namespace

TEST_CASE("arrays come back as they were written") {
  const test::TemporaryFolder folder;
  write_example(folder / "a.npz");
  const auto arrays = read_npz(folder / "a.npz");
  CHECK(arrays.at("floats").shape == std::vector<std::size_t>{2, 2});
  CHECK(arrays.at("floats").values == std::vector<double>{1.5, -2.0, 0.0, 3.0});
  CHECK(arrays.at("doubles").values == std::vector<double>{1e-300, 2.0, -0.5});
  CHECK(arrays.at("bytes").shape == std::vector<std::size_t>{1, 1, 2});
  CHECK(arrays.at("longs").values == std::vector<double>{-7.0, 1073741824.0});
  CHECK(arrays.at("none").values.empty());
}

TEST_CASE("the same arrays give the same bytes") {
  const test::TemporaryFolder folder;
  write_example(folder / "a.npz");
  write_example(folder / "b.npz");
  CHECK(read_text_file(folder / "a.npz") == read_text_file(folder / "b.npz"));
}

TEST_CASE("the header is a multiple of 64 bytes and names type and shape as numpy does") {
  const std::string header = core::npy_header("<f8", std::vector<std::size_t>{3});
  CHECK(header.size() % 64 == 0);
  CHECK_THAT(header, Catch::Contains("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }"));
  CHECK(header.back() == '\n');
}

TEST_CASE("damaged arrays are refused") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "not a numpy array"},
      {"\x93NUMPY\x01\x00\xFF\xFF rest", "not a numpy array"},
      {with_header("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }"), "cut off"},
      {with_header(
           "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999, 99999999999), }"),
       "cut off"},
      {with_header("{'descr': '|O', 'fortran_order': False, 'shape': (), }"), "has type |O"},
      {with_header("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 2), }"), "Fortran order"},
      {with_header("{'shape': (2, 2), }"), "not a plain numpy array"}};
  for (const auto& [bytes, message] : cases) {
    CHECK_THROWS_WITH(core::parse_npy(bytes, "x"), Catch::Contains(message));
  }
}

TEST_CASE("a file that is no npz, or damaged, is refused") {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "text.npz") << "no zip at all";
  CHECK_THROWS_WITH(read_npz(folder / "text.npz"), Catch::Contains("not a .npz file"));
  CHECK_THROWS_WITH(read_npz(folder / "missing.npz"), Catch::Contains("no such file"));
  write_example(folder / "a.npz");
  std::string bytes = read_text_file(folder / "a.npz");
  const auto header_bytes = static_cast<std::size_t>(30 + bytes[26] + bytes[28]);  // name, mark
  CHECK(bytes.substr(0, header_bytes).ends_with(own_mark()));
  char& in_array = bytes[header_bytes + 8];
  in_array = static_cast<char>(in_array ^ 0x55);
  std::ofstream(folder / "bad.npz", std::ios::binary) << bytes;
  CHECK_THROWS_AS(read_npz(folder / "bad.npz"), IoError);
}
