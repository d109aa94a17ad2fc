#pragma once

#include <string>
#include <string_view>

namespace relax_spectro::render {

/// How a page begins, up to its body. Its policy allows only its own style and script, no external
/// resources and no sending of data.
/// @param title             not escaped.
/// @param script            of the page; empty: it has none.
/// @param links_recordings  whether it plays recordings that lie beside it.
[[nodiscard]] std::string page_start(const std::string& title, std::string_view script,
                                     bool links_recordings);

/// What made a page, for its end.
[[nodiscard]] std::string page_footer(const std::string& command_line, bool links_recordings);

}  // namespace relax_spectro::render
