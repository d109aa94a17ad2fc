#pragma once

#include <string>

#include "shown_result.hpp"

namespace relax_spectro::render {

/// A result's part of the page.
/// @param heading  among the results of a recording; empty if it is the only one.
/// @param sounds   players of its parts; may be empty.
[[nodiscard]] std::string result_html(const ShownResult& shown, const std::string& heading,
                                      const std::string& sounds);

}  // namespace relax_spectro::render
