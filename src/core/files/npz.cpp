#include "files/npz.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <cstring>
#include <ctime>
#include <memory>
#include <utility>

#include "files/npy_format.hpp"
#include "files/zip_archive.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {
namespace {

constexpr std::string_view kNpyEnding = ".npy";
constexpr std::size_t kMostArrayBytes = std::size_t{4} << 30;

// The earliest time that a zip can store (1980-01-01, local time). A fixed time makes the same
// arrays give the same bytes.
std::time_t zip_epoch() {
  std::tm start{};
  start.tm_year = 80;
  start.tm_mday = 1;
  start.tm_isdst = -1;
  return std::mktime(&start);
}

/// Stores in an entry's header which tool made the archive: see is_own_file.
void mark_entry(zip* archive, zip_uint64_t entry) {
  constexpr zip_uint16_t kOwnField = 0x7272;  // an ID that no known zip extension uses
  const std::string mark = own_mark();
  zip_file_extra_field_set(archive, entry, kOwnField, ZIP_EXTRA_FIELD_NEW,
                           reinterpret_cast<const zip_uint8_t*>(mark.data()),
                           static_cast<zip_uint16_t>(mark.size()), ZIP_FL_LOCAL);
}

}  // namespace

std::map<std::string, NumericArray> read_npz(const std::filesystem::path& path,
                                             const std::set<std::string>& names) {
  const std::optional<core::ZipArchive> archive = core::ZipArchive::open_if_zip(path);
  if (!archive) {
    throw IoError(fmt::format("{}: not a .npz file (numpy.savez writes one)", path.string()));
  }
  std::map<std::string, NumericArray> arrays;
  for (const std::string& entry : archive->names()) {
    if (!entry.ends_with(kNpyEnding)) continue;
    const std::string name = entry.substr(0, entry.size() - kNpyEnding.size());
    if (!names.empty() && !names.contains(name)) continue;
    arrays[name] = core::parse_npy(archive->read(entry, kMostArrayBytes),
                                   fmt::format("{}: {}", path.string(), name));
  }
  return arrays;
}

NumericArray read_npy(const std::filesystem::path& path) {
  return core::parse_npy(read_text_file(path), path.string());
}

struct NpzWriter::Impl {
  std::vector<std::pair<std::string, std::string>> entries;  // name, bytes

  template <typename T>
  void add(const std::string& name, std::string_view type, const std::vector<std::size_t>& shape,
           std::span<const T> values) {
    std::string bytes = core::npy_header(type, shape);
    const std::size_t header_bytes = bytes.size();
    bytes.resize(header_bytes + values.size_bytes());
    if (!values.empty()) {
      std::memcpy(bytes.data() + header_bytes, values.data(), values.size_bytes());
    }
    entries.emplace_back(name + std::string(kNpyEnding), std::move(bytes));
  }
};

NpzWriter::NpzWriter() : impl_(std::make_unique<Impl>()) {}
NpzWriter::~NpzWriter() = default;

void NpzWriter::add(const std::string& name, const std::vector<std::size_t>& shape,
                    std::span<const float> values) {
  impl_->add(name, "<f4", shape, values);
}
void NpzWriter::add(const std::string& name, const std::vector<std::size_t>& shape,
                    std::span<const double> values) {
  impl_->add(name, "<f8", shape, values);
}
void NpzWriter::add(const std::string& name, const std::vector<std::size_t>& shape,
                    std::span<const std::uint8_t> values) {
  impl_->add(name, "|u1", shape, values);
}
void NpzWriter::add(const std::string& name, const std::vector<std::size_t>& shape,
                    std::span<const std::int64_t> values) {
  impl_->add(name, "<i8", shape, values);
}

void NpzWriter::write(const std::filesystem::path& path) const {
  const auto fail = [&path](const std::string& why) {
    throw IoError(fmt::format("{}: cannot be written: {}", place_of(path).string(), why));
  };
  int code = 0;
  std::unique_ptr<zip, void (*)(zip*)> archive(
      zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code), &zip_discard);
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    fail(why);
  }
  const std::time_t epoch = zip_epoch();
  for (const auto& [name, bytes] : impl_->entries) {
    zip_source_t* source = zip_source_buffer(archive.get(), bytes.data(), bytes.size(), 0);
    const zip_int64_t index =
        zip_file_add(archive.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8 | ZIP_FL_OVERWRITE);
    if (index < 0) {
      zip_source_free(source);
      fail(zip_strerror(archive.get()));
    }
    const auto entry = static_cast<zip_uint64_t>(index);
    // Level 4 shrinks rounded maps by a third more than level 1. Higher levels take much longer.
    zip_set_file_compression(archive.get(), entry, ZIP_CM_DEFLATE, 4);
    zip_file_set_mtime(archive.get(), entry, epoch, 0);
    // The mark is at the start of the file, so that a truncated archive still has it.
    if (entry == 0) mark_entry(archive.get(), entry);
  }
  if (zip_close(archive.get()) != 0) fail(zip_strerror(archive.get()));
  static_cast<void>(archive.release());  // zip_close has freed it
}

}  // namespace relax_spectro
