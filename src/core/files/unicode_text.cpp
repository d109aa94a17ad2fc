#include "files/unicode_text.hpp"

#include <utf8proc.h>

#include <array>
#include <boost/locale/encoding_utf.hpp>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace relax_spectro::core {
namespace {

// Windows-1252 for the bytes 0x80 to 0x9f. All other bytes equal their code point.
constexpr std::array<char16_t, 32> kWindows1252{
    0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

const auto* bytes_of(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

bool is_utf8(std::string_view text) {
  return utf8proc_decompose(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), nullptr, 0,
                            utf8proc_option_t{}) >= 0;
}

std::string mapped(std::string_view text, int options) {
  const std::string utf8 = as_utf8(text);
  utf8proc_uint8_t* bytes = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(bytes_of(utf8), static_cast<utf8proc_ssize_t>(utf8.size()), &bytes,
                   static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(bytes, &std::free);
  if (length < 0) throw std::bad_alloc();  // valid UTF-8 can fail only for lack of memory
  return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length)};
}

}  // namespace

std::string as_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::u16string characters;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    const bool is_mapped = byte >= 0x80 && byte < 0xa0;
    characters += is_mapped ? kWindows1252[byte - 0x80U] : char16_t{byte};
  }
  return boost::locale::conv::utf_to_utf<char>(characters);
}

std::optional<std::string> utf8_of_utf16(std::string_view bytes) {
  const bool little_endian = bytes.starts_with("\xff\xfe");
  if (!little_endian && !bytes.starts_with("\xfe\xff")) return std::nullopt;
  std::u16string characters;
  for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
    const auto low = static_cast<std::uint8_t>(bytes[little_endian ? i : i + 1]);
    const auto high = static_cast<std::uint8_t>(bytes[little_endian ? i + 1 : i]);
    characters += static_cast<char16_t>(low | high << 8U);
  }
  try {
    return boost::locale::conv::utf_to_utf<char>(characters, boost::locale::conv::stop);
  } catch (const boost::locale::conv::conversion_error&) {
    return std::nullopt;
  }
}

std::string composed(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string composed_without_case(std::string_view text) {
  return mapped(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
}

}  // namespace relax_spectro::core
