#include "cli/model_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>
#include <string_view>
#include <vector>

#include "base/nearest.hpp"
#include "cli/program_folder.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::cli {
namespace {

/// The model that scripts/setup --pretrained fetches.
constexpr std::string_view kPretrained = "aisfx";

/// Where models with a name may be: in an installation, in the source tree, or where
/// scripts/setup --pretrained puts them.
std::vector<std::filesystem::path> model_folders() {
  return {program_folder().parent_path() / RELAX_SPECTRO_INSTALLED_MODELS,
          RELAX_SPECTRO_SOURCE_MODELS, RELAX_SPECTRO_PRETRAINED_MODELS};
}

std::vector<std::string> models_that_come_along() {
  std::set<std::string> names;
  for (const auto& folder : model_folders()) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(folder, ignored)) {
      if (entry.path().extension() == ".pt") names.insert(entry.path().stem().string());
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace

std::filesystem::path find_model(const std::string& path_or_name) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path_or_name, ignored)) return path_or_name;
  for (const auto& folder : model_folders()) {
    std::filesystem::path path = folder / (path_or_name + ".pt");
    if (path_or_name.find('/') == std::string::npos && std::filesystem::exists(path, ignored)) {
      return path;
    }
  }
  if (std::filesystem::is_directory(path_or_name, ignored)) {
    throw IoError(fmt::format("{}: is a folder, expected a model file", path_or_name));
  }
  const std::vector<std::string> names = models_that_come_along();
  throw IoError(fmt::format(
      "{}: no such model; expected a file, or one of: {}{}", path_or_name, fmt::join(names, ", "),
      path_or_name == kPretrained ? "; scripts/setup --pretrained fetches " + path_or_name
                                  : did_you_mean(path_or_name, names)));
}

}  // namespace relax_spectro::cli
