#pragma once

#include <filesystem>
#include <string>

namespace relax_spectro::cli {

/// The model that is used where none is named.
inline constexpr const char* kDefaultModel = "mobilenetv3-small";

/// The file of a model that is named by its path or, without a folder, as one of the models that
/// come with relax-spectro (`vggish-small`, `mobilenetv3-small`) or that scripts/setup --pretrained
/// has fetched (`aisfx`).
/// @throws IoError  neither; the message lists those that come along.
[[nodiscard]] std::filesystem::path find_model(const std::string& path_or_name);

}  // namespace relax_spectro::cli
