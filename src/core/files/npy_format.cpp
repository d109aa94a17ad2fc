#include "files/npy_format.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <regex>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

static_assert(std::endian::native == std::endian::little,
              "arrays are written as they lie in memory");

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kAlignment = 64;

struct Header {
  std::string type;
  std::vector<std::size_t> shape;
  std::size_t length = 0;  // of everything before the values
};

std::string header_text(std::span<const char> bytes, std::size_t& header_length,
                        const std::string& origin) {
  const auto fail = [&origin] {
    throw IoError(fmt::format("{}: not a numpy array, or cut off", origin));
  };
  if (bytes.size() < 12 || std::string_view(bytes.data(), kMagic.size()) != kMagic) fail();
  const auto byte = [&bytes](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i]));
  };
  const std::size_t major_version = byte(6);
  std::size_t begin = 10;
  std::size_t text_length = byte(8) | (byte(9) << 8);
  if (major_version >= 2) {
    begin = 12;
    text_length |= (byte(10) << 16) | (byte(11) << 24);
  }
  // numpy's own headers are far shorter, and std::regex recurses for each character.
  constexpr std::size_t kMostHeaderBytes = 4096;
  if (text_length > kMostHeaderBytes || text_length > bytes.size() - begin) fail();
  header_length = begin + text_length;
  return {bytes.data() + begin, text_length};
}

Header parse_header(std::span<const char> bytes, const std::string& origin) {
  Header header;
  const std::string text = header_text(bytes, header.length, origin);
  std::smatch type;
  std::smatch shape;
  static const std::regex kType(R"('descr':\s*'([^']*)')");
  static const std::regex kShape(R"('shape':\s*\(([0-9,\s]*)\))");
  if (!std::regex_search(text, type, kType) || !std::regex_search(text, shape, kShape)) {
    throw IoError(fmt::format("{}: not a plain numpy array: {}", origin, text));
  }
  header.type = type[1];
  const std::string sizes = shape[1];
  static const std::regex kNumber("[0-9]+");
  for (std::sregex_iterator it(sizes.begin(), sizes.end(), kNumber); it != std::sregex_iterator();
       ++it) {
    header.shape.push_back(std::stoull(it->str().substr(0, 18)));
  }
  if (text.find("'fortran_order': True") != std::string::npos && header.shape.size() > 1) {
    throw IoError(fmt::format(
        "{}: is in Fortran order; expected row-major: save numpy.ascontiguousarray(x)", origin));
  }
  return header;
}

template <typename T>
std::vector<double> convert(std::span<const char> bytes, std::size_t count,
                            const std::string& origin) {
  if (bytes.size() / sizeof(T) < count) {
    throw IoError(fmt::format("{}: cut off: its header promises {} values, the file holds {}",
                              origin, count, bytes.size() / sizeof(T)));
  }
  std::vector<double> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value{};
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    values[i] = static_cast<double>(value);
  }
  return values;
}

/// The product of the shape. If it overflows, a number that exceeds any file's size.
std::size_t value_count(std::span<const std::size_t> shape) {
  std::size_t count = 1;
  for (const std::size_t side : shape) {
    if (__builtin_mul_overflow(count, side, &count)) return SIZE_MAX;
  }
  return count;
}

}  // namespace

std::string npy_header(std::string_view type, std::span<const std::size_t> shape) {
  const std::string sizes =
      fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  std::string text =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, sizes);
  const std::size_t unpadded = kMagic.size() + 4 + text.size() + 1;
  text.append((kAlignment - unpadded % kAlignment) % kAlignment, ' ');
  text.push_back('\n');
  std::string header(kMagic);
  header.append(
      {'\x01', '\x00', static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)});
  return header + text;
}

NumericArray parse_npy(std::span<const char> bytes, const std::string& origin) {
  const Header header = parse_header(bytes, origin);
  const std::span<const char> data = bytes.subspan(header.length);
  const std::size_t count = value_count(header.shape);
  const std::string& type = header.type;
  NumericArray array{header.shape, {}};
  if (type == "<f4") {
    array.values = convert<float>(data, count, origin);
  } else if (type == "<f8") {
    array.values = convert<double>(data, count, origin);
  } else if (type == "|u1" || type == "|b1") {
    array.values = convert<std::uint8_t>(data, count, origin);
  } else if (type == "|i1") {
    array.values = convert<std::int8_t>(data, count, origin);
  } else if (type == "<i2") {
    array.values = convert<std::int16_t>(data, count, origin);
  } else if (type == "<i4") {
    array.values = convert<std::int32_t>(data, count, origin);
  } else if (type == "<i8") {
    array.values = convert<std::int64_t>(data, count, origin);
  } else {
    throw IoError(fmt::format(
        "{}: has type {}; expected little-endian float32, float64, bool, uint8 or int8 to int64",
        origin, type));
  }
  return array;
}

}  // namespace relax_spectro::core
