#include "model/weights/safetensors.hpp"

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/file_edits.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
using namespace std::string_literals;

namespace {

/// Two floats 1 and -2, then the half-precision number 0.5.
const std::string kNumbers =
    test::bytes_of(0x3f800000, 4) + test::bytes_of(0xc0000000, 4) + test::bytes_of(0x3800, 2);
constexpr std::string_view kHeader =
    R"({"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[],"data_offsets":[8,10]},)"
    R"("a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},)"
    R"("none":{"dtype":"F64","shape":[3,0],"data_offsets":[8,8]}} )";

std::string file_of(const std::string& header, const std::string& numbers = kNumbers) {
  return test::bytes_of(header.size(), 8) + header + numbers;
}

std::string refusal(const std::string& content) {
  try {
    static_cast<void>(core::read_safetensors(content, "w.safetensors"));
  } catch (const ModelError& error) {
    return error.what();
  }
  return "nothing";
}

/// The header with its first `from` replaced.
std::string edited(std::string_view from, std::string_view to) {
  std::string header(kHeader);
  header.replace(header.find(from), from.size(), to);
  return header;
}

}  // namespace

TEST_CASE("safetensors are read with their shapes and types", "[safetensors]") {
  const StateDict tensors = core::read_safetensors(file_of(std::string(kHeader)), "w");
  REQUIRE(tensors.size() == 3);
  CHECK(tensors.at("a").shape == std::vector<std::size_t>{2, 1});
  CHECK(tensors.at("a").values == std::vector<float>{1.0F, -2.0F});
  CHECK(tensors.at("b").shape.empty());
  CHECK(tensors.at("b").values == std::vector<float>{0.5F});
  CHECK(tensors.at("none").values.empty());
}

TEST_CASE("damaged safetensors are refused with what is wrong", "[safetensors]") {
  const std::string whole = file_of(std::string(kHeader));
  const std::vector<std::pair<std::string, std::string>> cases{
      {whole.substr(0, 5), "has 5 bytes, expected 8"},
      {test::bytes_of(std::uint64_t{1} << 63, 8) + std::string(kHeader),
       "expected at most 100000000"},
      {whole.substr(0, 40), "but only 32 follow"},
      {file_of(" " + std::string(kHeader)), "does not begin with {"},
      {file_of("[]"), "does not begin with {"},
      {file_of("{}", ""), "has no tensors"},
      {file_of(std::string(kHeader.substr(0, 60))), "not JSON"},
      {file_of(edited("F16", "F8_E4M3")), "b.dtype is F8_E4M3, expected one of F32, F64"},
      {file_of(edited("\"F16\"", "16")), "b.dtype is 16, expected text"},
      {file_of(edited("\"pt\"", "7")), "__metadata__.format is 7, expected text"},
      {file_of(edited("[2,1]", "[2,-1]")), "a.shape is [2,-1], expected a list of whole numbers"},
      {file_of(edited("[2,1]", "[2,1.0]")), "a.shape is [2,1.0]"},
      {file_of(edited("[2,1]", "[2,[1]]")), "nested deeper than 3"},
      {file_of(edited("[2,1]", "[3,1]")), "a.shape is [3, 1] of F32, but the offsets have 8 bytes"},
      {file_of(edited("[2,1]", "[4611686018427387904,4]")), "a.shape is [4611686018427387904, 4]"},
      {file_of(edited("[8,10]", "[10,8]")), "b.data_offsets is [10, 8], expected where"},
      {file_of(edited("[8,10]", "[8]")), "b.data_offsets is [8], expected where"},
      {file_of(edited("\"shape\":[],", "")), "b.shape is missing"},
      {file_of(edited("\"shape\":[],", "\"shape\":[],\"x\":1,")), "b.x is not a known field"},
      {file_of(edited("\"a\":", "\"b\":")), "has 'b' twice"},
      {file_of(edited("\"shape\":[],", "\"shape\":[],\"shape\":[],")), "has 'shape' twice"},
      {file_of(edited("[8,10]", "[6,8]")), "'b' begins at byte 6, where another tensor lies"},
      {file_of(edited("[8,10]", "[10,12]"), kNumbers + "xx"), "2 bytes before the tensor 'b'"},
      {whole.substr(0, whole.size() - 1), "truncated: its tensors have 10 bytes, but 9 follow"},
      {whole + "x", "its last 1 bytes belong to no tensor"},
  };
  for (const auto& [content, expected] : cases) {
    const std::string message = refusal(content);
    INFO(expected);
    CHECK_THAT(message, Catch::StartsWith("w.safetensors: "));
    CHECK_THAT(message, Catch::Contains(expected));
  }
}

TEST_CASE("a file named .safetensors is refused by its reader", "[safetensors]") {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "w.safetensors", std::ios::binary) << "\x01\xff\xff\xff\xff\xff\xff\xff{}";
  CHECK_THROWS_WITH(read_state_dict(folder / "w.safetensors"), Catch::Contains("its header has"));
  std::ofstream(folder / "v.safetensors", std::ios::binary) << file_of(std::string(kHeader));
  CHECK_THROWS_WITH(read_state_dict(folder / "v.safetensors", "ema"),
                    Catch::Contains("has no keys"));
}
