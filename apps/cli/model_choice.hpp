#pragma once

#include <filesystem>
#include <string>

namespace relax_spectro::cli {

/// The default model.
inline constexpr const char* kDefaultModel = "mobilenetv3-small";

/// The file of a model. It is named by its path, or by the name of a model that comes with
/// relax-spectro (`vggish-small`) or from scripts/setup --pretrained (`aisfx`).
/// @throws IoError  there is no such model. The message lists the names.
[[nodiscard]] std::filesystem::path find_model(const std::string& path_or_name);

}  // namespace relax_spectro::cli
