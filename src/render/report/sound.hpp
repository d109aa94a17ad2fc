#pragma once

#include <filesystem>
#include <string>

#include "relax_spectro/render/report.hpp"
#include "relax_spectro/results/provenance.hpp"

namespace relax_spectro::render {

/// A recording on a page, to be played.
struct Sound {
  std::string html;
  bool linked = false;  ///< the page needs another file
  std::string warning;  ///< why it cannot be played; empty where it can
};

/// @param recording    as the result names it. Another file of that name is not played.
/// @param name         that it has on the page.
/// @param page_folder  where the page will lie.
[[nodiscard]] Sound sound_of(const SourceFile& recording, const std::string& name,
                             const ReportOptions& options,
                             const std::filesystem::path& page_folder);

}  // namespace relax_spectro::render
