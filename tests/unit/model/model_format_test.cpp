#include "model/model_format.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/zip_file.hpp"

using namespace relax_spectro;
using namespace std::string_literals;
using core::ModelFormat;

namespace {

ModelFormat format_of(const std::string& bytes) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "file";
  std::ofstream(path, std::ios::binary) << bytes;
  return core::model_format_of(path);
}

ModelFormat format_of_zip(const std::vector<std::string>& names) {
  const test::TemporaryFolder folder;
  test::write_zip(folder / "file", names);
  return core::model_format_of(folder / "file");
}

std::string refusal(const std::string& bytes,
                    const std::function<void(const std::filesystem::path&)>& require) {
  const test::TemporaryFolder folder;
  std::ofstream(folder / "file", std::ios::binary) << bytes;
  try {
    require(folder / "file");
  } catch (const ModelError& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("zip archives are told apart by the names in them", "[model_format]") {
  CHECK(format_of_zip({"net/data.pkl", "net/code/__torch__.py", "net/constants.pkl"}) ==
        ModelFormat::torchscript);
  CHECK(format_of_zip({"net/model.json", "net/code/net.py"}) == ModelFormat::torchscript);
  CHECK(format_of_zip({"archive/data.pkl", "archive/data/0"}) == ModelFormat::state_dict);
  CHECK(format_of_zip({"net/data.pkl", "net/bytecode.pkl"}) == ModelFormat::mobile);
  CHECK(format_of_zip({"net/data/aotinductor/model/a.so"}) == ModelFormat::compiled_package);
  CHECK(format_of_zip({"net/models/model.json", "net/data/weights/0"}) ==
        ModelFormat::exported_program);
  CHECK(format_of_zip({"serialized_exported_program.json"}) == ModelFormat::exported_program);
  CHECK(format_of_zip({"metadata.json", "model.weights.h5"}) == ModelFormat::keras);
  CHECK(format_of_zip({"a.npy"}) == ModelFormat::other_zip);
}

TEST_CASE("other files are told by their first bytes", "[model_format]") {
  CHECK(format_of("version https://git-lfs.github.com/spec/v1\n") == ModelFormat::lfs_pointer);
  CHECK(format_of("\n<!DOCTYPE html><html>") == ModelFormat::web_page);
  CHECK(format_of("<HTML><body>Sign in") == ModelFormat::web_page);
  CHECK(format_of("Entry not found") == ModelFormat::text);
  CHECK(format_of("PK\x03\x04 and no more") == ModelFormat::cut_off_zip);
  CHECK(format_of("\x89HDF\r\n\x1a\n\0\0"s) == ModelFormat::hdf5);
  CHECK(format_of("\x1c\0\0\0TFL3\0"s) == ModelFormat::tflite);
  CHECK(format_of("\x1c\0\0\0ET12\0"s) == ModelFormat::executorch);
  CHECK(format_of("\x1c\0\0\0PTMF\0"s) == ModelFormat::mobile);
  CHECK(format_of("\x08\x07\x12\x07pytorch\x1a\x03"s) == ModelFormat::onnx);
  CHECK(format_of("\x08\x0a\x3a\x10\x0a\x04"s) == ModelFormat::onnx);
  CHECK(format_of("\x08\x01\x12\x99\x01\x0a"s) == ModelFormat::tensorflow);
  for (const std::string& size : {"\x40\0"s, "\x80\x7e"s, "\x1f\x8b"s}) {
    CHECK(format_of(size + "\0\0\0\0\0\0{\"weight\":{\"dtype\":\"F32\""s) ==
          ModelFormat::safetensors);
  }
  CHECK(format_of("\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.") ==
        ModelFormat::legacy_state_dict);
  CHECK(format_of("\x80\x04\x95\x10\0\0\0\0\0\0\0}\x94."s) == ModelFormat::pickle);
  CHECK(format_of("\x1f\x8b\x08\0"s) == ModelFormat::packed);
  CHECK(format_of(std::string(257, 'a') + "ustar") == ModelFormat::packed);
  CHECK(format_of("RIFF\x24\0\0\0WAVE"s) == ModelFormat::unknown);
}

TEST_CASE("a refusal says what the file is, and what to do", "[model_format]") {
  const auto check = [](const std::string& message, const std::string& what,
                        const std::string& advice) {
    INFO(message);
    CHECK(message.find("file: " + what) != std::string::npos);
    CHECK(message.find(advice) != std::string::npos);
  };
  check(refusal("version https://git-lfs.github.com/spec/v1\n", core::require_network),
        "is a Git LFS pointer", "git lfs pull");
  check(refusal("\x08\x07\x12\x07pytorch", core::require_network), "is an ONNX network",
        "scripts/export");
  check(refusal("\x08\x07\x12\x07pytorch", core::require_weights), "is an ONNX network",
        "scripts/export");
  check(refusal("RIFF\x24\0\0\0WAVE"s, core::require_network), "is of no known format",
        "TorchScript");
  check(refusal("PK\x03\x04", core::require_weights), "is truncated", "Download");
  check(refusal("\x80\x02}q\x01.", core::require_weights), "is a pickle", "state_dict()");
  const test::TemporaryFolder folder;
  test::write_zip(folder / "net.pt", {"net/data.pkl", "net/code/net.py", "net/constants.pkl"});
  CHECK_NOTHROW(core::require_network(folder / "net.pt"));
  CHECK_THROWS_AS(core::require_weights(folder / "net.pt"), ModelError);
  CHECK_THROWS_AS(core::require_network(folder / "none.pt"), IoError);
  for (const auto& [name, what] : {std::pair("net.PB", "by its name, is a network of TensorFlow"),
                                   std::pair("net.keras", "by its name, is a network of Keras")}) {
    std::ofstream(folder / name) << "\x0a\x02\x01";
    CHECK_THROWS_WITH(core::require_network(folder / name), Catch::Contains(what));
  }
}
