#include "files/zip_archive.hpp"

#include <fmt/format.h>
#include <zip.h>

#include "files/input_file.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

struct EntryCloser {
  void operator()(zip_file_t* file) const { zip_fclose(file); }
};

constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

}  // namespace

void ZipArchive::Closer::operator()(zip* archive) const { zip_discard(archive); }

std::optional<ZipArchive> ZipArchive::open_if_zip(const std::filesystem::path& path) {
  require_readable_file(path);
  int code = 0;
  zip* archive = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (archive == nullptr) return std::nullopt;
  return ZipArchive(path, archive);
}

std::vector<std::string> ZipArchive::names() const {
  std::vector<std::string> names;
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(archive_.get(), static_cast<zip_uint64_t>(i), 0);
    if (name != nullptr) names.emplace_back(name);
  }
  return names;
}

std::vector<char> ZipArchive::read(const std::string& name, std::size_t most_bytes) const {
  const std::unique_ptr<zip_file_t, EntryCloser> file(zip_fopen(archive_.get(), name.c_str(), 0));
  if (!file) {
    throw IoError(fmt::format("{}: {} cannot be read: {}", path_.string(), name,
                              zip_strerror(archive_.get())));
  }
  // The declared size is not trusted: memory grows with the bytes that really unpack.
  std::vector<char> content;
  zip_int64_t got = 0;
  do {
    const std::size_t filled = content.size();
    content.resize(filled + kBlockBytes);
    got = zip_fread(file.get(), content.data() + filled, kBlockBytes);
    if (got < 0) {
      throw IoError(fmt::format("{}: {} is damaged: {}", path_.string(), name,
                                zip_file_strerror(file.get())));
    }
    content.resize(filled + static_cast<std::size_t>(got));
    if (content.size() > most_bytes) {
      throw IoError(
          fmt::format("{}: {} unpacks to more than {} bytes", path_.string(), name, most_bytes));
    }
  } while (got > 0);
  return content;
}

}  // namespace relax_spectro::core
