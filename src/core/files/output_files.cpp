#include "files/output_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "files/output_names.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

OutputFiles::OutputFiles(const std::filesystem::path& name, const std::string& kind,
                         const std::vector<std::string>& endings, const std::string& figure_format,
                         Overwrite overwrite)
    : name_(name), json_(with_ending(name, kind + ".json"), overwrite) {
  for (const std::string& ending : endings) {
    others_.emplace_back(with_ending(name, ending), overwrite);
  }
  if (figure_format != "none") {
    figure_.emplace_back(with_ending(name, kind + "." + figure_format), overwrite);
  }
}

const std::filesystem::path& OutputFiles::shown() const {
  return figure_.empty() ? json_.place() : figure_.front().place();
}

const OutputFile& OutputFiles::with(const std::string& ending) const {
  const std::filesystem::path path = with_ending(name_, ending);
  const auto found = std::ranges::find(others_, path, &OutputFile::place);
  if (found == others_.end()) {
    throw Error(fmt::format("{}: is not a file of this result", path.string()));
  }
  return *found;
}

void OutputFiles::write(const std::string& ending, std::string_view text) const {
  with(ending).write(text);
}

void OutputFiles::draw(std::function<void(const std::filesystem::path&)> draw) {
  if (!figure_.empty()) figure_.front().write_meanwhile(std::move(draw));
}

void OutputFiles::commit(std::string_view json) {
  json_.write(json);
  for (OutputFile& figure : figure_) figure.wait();
  json_.clear_place();
  for (OutputFile& file : others_) file.commit();
  for (OutputFile& figure : figure_) figure.commit();
  json_.commit();
}

}  // namespace relax_spectro
