#include "fuzz/fuzz_input.hpp"

#include <zip.h>

#include <fstream>
#include <stdexcept>

#include "relax_spectro/base/error.hpp"
#include "support/temporary_folder.hpp"

namespace relax_spectro::fuzz {

const std::filesystem::path& input_folder() {
  static const test::TemporaryFolder kFolder;
  static const std::filesystem::path kPath = kFolder / "";
  return kPath;
}

std::filesystem::path write_input(const std::string& name, Bytes bytes) {
  std::filesystem::path path = input_folder() / name;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw std::runtime_error(path.string() + ": cannot be written");
  return path;
}

std::vector<NamedBytes> split_bundle(Bytes bytes, std::span<const std::string_view> names) {
  constexpr std::size_t kHeadBytes = 3;
  std::vector<NamedBytes> files;
  while (bytes.size() >= kHeadBytes) {
    const std::string name(names[bytes[0] % names.size()]);
    const std::size_t length = bytes[1] + std::size_t{256} * bytes[2];
    bytes = bytes.subspan(kHeadBytes);
    const Bytes content = bytes.first(std::min(length, bytes.size()));
    bytes = bytes.subspan(content.size());
    files.emplace_back(name, content);
  }
  return files;
}

std::filesystem::path write_npz_input(const std::string& name, std::span<const NamedBytes> arrays) {
  std::filesystem::path path = input_folder() / name;
  int code = 0;
  zip* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (archive == nullptr) throw std::runtime_error(path.string() + ": cannot be written");
  for (const auto& [array, bytes] : arrays) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t index =
        zip_file_add(archive, (array + ".npy").c_str(), source, ZIP_FL_OVERWRITE);
    if (index < 0) throw std::runtime_error(path.string() + ": " + zip_strerror(archive));
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0);
  }
  if (zip_close(archive) != 0) throw std::runtime_error(path.string() + ": cannot be written");
  return path;
}

void expect(bool is_true, std::string_view what) {
  if (!is_true) throw std::logic_error("broken promise: " + std::string(what));
}

void attempt(const std::filesystem::path& file, void (*read)(const std::filesystem::path&)) {
  try {
    read(file);
  } catch (const Error& error) {
    const std::string_view message = error.what();
    expect(message.find(file.stem().string()) != std::string_view::npos,
           "an error names the file: " + std::string(message));
  }
}

}  // namespace relax_spectro::fuzz
