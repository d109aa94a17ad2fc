#pragma once

#include <string>

#include "shown_result.hpp"

namespace relax_spectro::render {

/// The windows of a long recording as a table, with buttons that zoom to them. Empty if there is
/// one window only.
[[nodiscard]] std::string windows_html(const ShownResult& shown);

}  // namespace relax_spectro::render
