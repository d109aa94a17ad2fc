#include "html.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "files/valid_utf8.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::render {
namespace {

std::string_view escape_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return {};
  }
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F;
}

bool stands_in_url(char c) {
  constexpr std::string_view kOthers = "-._~/";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : core::valid_utf8(text)) {
    const std::string_view escape = escape_of(c);
    if (!escape.empty()) {
      escaped += escape;
    } else {
      escaped += is_control(c) ? ' ' : c;
    }
  }
  return escaped;
}

std::string url_of(const std::filesystem::path& path) {
  std::string url = path.is_absolute() ? "file://" : "";
  for (const char c : path.generic_string()) {
    if (stands_in_url(c)) {
      url += c;
    } else {
      url += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return url;
}

std::string base64(std::string_view bytes) {
  // OpenSSL's sizes are int, and a multiple of three needs no padding between blocks.
  constexpr std::size_t kBlock = 3 << 20;
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4 + 1);
  for (std::size_t begin = 0; begin < bytes.size(); begin += kBlock) {
    const std::string_view block = bytes.substr(begin, kBlock);
    const std::size_t before = text.size();
    text.resize(before + (block.size() + 2) / 3 * 4 + 1);  // plus the terminating 0
    const int written = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data() + before),
                                        reinterpret_cast<const unsigned char*>(block.data()),
                                        static_cast<int>(block.size()));
    text.resize(before + static_cast<std::size_t>(written));
  }
  return text;
}

std::string policy_hash(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw Error("OpenSSL could not compute a SHA-256");
  }
  return fmt::format("'sha256-{}'", base64(std::string_view(
                                        reinterpret_cast<const char*>(digest.data()), length)));
}

std::string size_text(double bytes) {
  constexpr std::array kUnits{"B", "KiB", "MiB", "GiB"};
  std::size_t unit = 0;
  while (bytes >= 1024.0 && unit + 1 < kUnits.size()) {
    bytes /= 1024.0;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit > 0 && bytes < 10.0 ? 1 : 0, kUnits[unit]);
}

}  // namespace relax_spectro::render
