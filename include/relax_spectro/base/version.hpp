#pragma once

#include <string_view>

namespace relax_spectro {

/// The version of the library, "major.minor.patch".
[[nodiscard]] std::string_view version();

/// The version and the git commit of the sources: "0.2.0 (1a2b3c4d5)". "+changes" after the hash
/// means that files differed from the commit. Sources without git give the version only.
[[nodiscard]] std::string_view version_and_commit();

}  // namespace relax_spectro
