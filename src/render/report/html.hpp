#pragma once

#include <filesystem>
#include <string>
#include <string_view>

// Building blocks of HTML.

namespace relax_spectro::render {

/// Escapes text for use between tags and in quoted attributes. Bytes that are not UTF-8, which file
/// names may contain, become U+FFFD. Control characters, which HTML does not allow, become spaces.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A path as a URL. Bytes that URLs do not allow become %XX.
[[nodiscard]] std::string url_of(const std::filesystem::path& path);

/// Base64 with padding (RFC 4648), on one line.
[[nodiscard]] std::string base64(std::string_view bytes);

/// The hash of a script or style for a Content-Security-Policy: 'sha256-…'.
[[nodiscard]] std::string policy_hash(std::string_view text);

/// A size as text: "812 B", "1.4 KiB", "12 MiB".
[[nodiscard]] std::string size_text(double bytes);

}  // namespace relax_spectro::render
