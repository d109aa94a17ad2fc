#include "model/weights/safetensors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <tuple>
#include <vector>

#include "files/json_fields.hpp"
#include "files/json_text.hpp"
#include "model/weights/stored_number.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

constexpr std::size_t kLengthBytes = 8;

/// A tensor as the header describes it. Its numbers are bytes `begin` to `end` after the header.
struct Entry {
  std::string name;
  const StoredNumber* number = nullptr;
  std::vector<std::size_t> shape;
  std::size_t begin = 0;
  std::size_t end = 0;
};

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw ModelError(fmt::format("{}: is damaged: {}", file, what));
}

std::string_view header_of(std::string_view content, const std::string& file) {
  constexpr std::size_t kMostBytes = 100'000'000;  // the limit of the format
  if (content.size() < kLengthBytes) {
    fail(file,
         fmt::format("it has {} bytes, expected 8 with the length of its header", content.size()));
  }
  std::uint64_t length = 0;
  for (std::size_t i = kLengthBytes; i-- > 0;) {
    length = (length << 8) | static_cast<unsigned char>(content[i]);
  }
  if (length > kMostBytes) {
    fail(file, fmt::format("its header has {} bytes, expected at most {}", length, kMostBytes));
  }
  if (length > content.size() - kLengthBytes) {
    fail(file, fmt::format("its header has {} bytes, but only {} follow", length,
                           content.size() - kLengthBytes));
  }
  const std::string_view header = content.substr(kLengthBytes, length);
  if (!header.starts_with('{')) fail(file, "its header does not begin with {");
  return header;
}

/// The bytes of a tensor; nothing if there are more than can be counted.
std::optional<std::size_t> bytes_of(const Entry& entry) {
  std::size_t bytes = entry.number->bytes;
  if (std::ranges::find(entry.shape, std::size_t{0}) != entry.shape.end()) return 0;
  for (const std::size_t size : entry.shape) {
    if (size > std::numeric_limits<std::size_t>::max() / bytes) return std::nullopt;
    bytes *= size;
  }
  return bytes;
}

Entry read_entry(const std::string& name, JsonFields fields) {
  Entry entry{name, nullptr, fields.wholes("shape"), 0, 0};
  const std::string dtype = fields.get<std::string>("dtype");
  const auto numbers = stored_numbers();
  const auto number = std::ranges::find(numbers, dtype, &StoredNumber::dtype);
  if (number == numbers.end()) {
    std::vector<std::string_view> known;
    for (const StoredNumber& one : numbers) known.push_back(one.dtype);
    fields.fail("dtype", fmt::format("is {}, expected one of {}", dtype, fmt::join(known, ", ")));
  }
  entry.number = &*number;
  const std::vector<std::size_t> offsets = fields.wholes("data_offsets");
  if (offsets.size() != 2 || offsets[0] > offsets[1]) {
    fields.fail("data_offsets", fmt::format("is [{}], expected where the tensor begins and ends",
                                            fmt::join(offsets, ", ")));
  }
  entry.begin = offsets[0];
  entry.end = offsets[1];
  fields.refuse_others();
  if (bytes_of(entry) != entry.end - entry.begin) {
    fields.fail("shape", fmt::format("is [{}] of {}, but the offsets have {} bytes",
                                     fmt::join(entry.shape, ", "), dtype, entry.end - entry.begin));
  }
  return entry;
}

/// The tensors in the order of their bytes.
std::vector<Entry> read_header(std::string_view header, const std::string& file) {
  constexpr std::string_view kMetadata = "__metadata__";
  constexpr int kDeepest = 3;
  const JsonOrigin origin{file, "safetensors need dtype, shape and data_offsets of each tensor"};
  const nlohmann::json json = parse_json(header, fmt::format("{}: its header", file), kDeepest);
  std::vector<Entry> entries;
  for (const auto& [name, value] : json.items()) {
    JsonFields fields(value, origin, name);
    if (name != kMetadata) {
      entries.push_back(read_entry(name, std::move(fields)));
      continue;
    }
    for (const auto& [key, text] : value.items()) {
      static_cast<void>(fields.get<std::string>(key));
    }
  }
  std::ranges::sort(entries, {}, [](const Entry& entry) {
    return std::tuple(entry.begin, entry.end, std::string_view(entry.name));
  });
  return entries;
}

void require_filled(const std::vector<Entry>& entries, std::size_t bytes, const std::string& file) {
  std::size_t filled = 0;
  for (const Entry& entry : entries) {
    if (entry.begin < filled) {
      fail(file, fmt::format("the tensor '{}' begins at byte {}, where another tensor lies",
                             entry.name, entry.begin));
    }
    if (entry.begin > filled) {
      fail(file, fmt::format("{} bytes before the tensor '{}' belong to no tensor",
                             entry.begin - filled, entry.name));
    }
    filled = entry.end;
  }
  if (filled > bytes) {
    fail(file, fmt::format("it is truncated: its tensors have {} bytes, but {} follow the header",
                           filled, bytes));
  }
  if (filled < bytes)
    fail(file, fmt::format("its last {} bytes belong to no tensor", bytes - filled));
}

StateTensor read_numbers(const Entry& entry, std::string_view data) {
  const std::size_t bytes = entry.number->bytes;
  std::vector<float> values((entry.end - entry.begin) / bytes);
  const char* place = data.data() + entry.begin;
  for (float& value : values) {
    value = entry.number->read(place);
    place += bytes;
  }
  return {entry.shape, std::move(values)};
}

}  // namespace

StateDict read_safetensors(std::string_view content, const std::string& file) {
  const std::string_view header = header_of(content, file);
  const std::string_view data = content.substr(kLengthBytes + header.size());
  std::vector<Entry> entries;
  try {
    entries = read_header(header, file);
  } catch (const ConfigError& error) {
    throw ModelError(error.what());  // the file is damaged; nobody wrote it by hand
  }
  if (entries.empty()) throw ModelError(fmt::format("{}: has no tensors", file));
  require_filled(entries, data.size(), file);
  StateDict tensors;
  for (const Entry& entry : entries) tensors[entry.name] = read_numbers(entry, data);
  return tensors;
}

}  // namespace relax_spectro::core
