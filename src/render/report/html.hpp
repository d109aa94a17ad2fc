#pragma once

#include <filesystem>
#include <string>
#include <string_view>

// What HTML is written with.

namespace relax_spectro::render {

/// Text for a page, between tags as well as in quoted attributes: no character of it is taken for
/// markup. Bytes that are not UTF-8, as file names may hold, become U+FFFD, and control characters,
/// which HTML does not allow, spaces.
[[nodiscard]] std::string escape_html(std::string_view text);

/// A relative or absolute path as a reference: bytes that a URL does not have are written as %XX.
[[nodiscard]] std::string url_of(const std::filesystem::path& path);

/// Base64 with padding (RFC 4648), on one line.
[[nodiscard]] std::string base64(std::string_view bytes);

/// What a Content-Security-Policy calls the text of a script or style that it allows:
/// 'sha256-…'.
[[nodiscard]] std::string policy_hash(std::string_view text);

/// A size for people: "812 B", "1.4 KiB", "12 MiB".
[[nodiscard]] std::string size_text(double bytes);

}  // namespace relax_spectro::render
