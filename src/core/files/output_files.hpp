#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {

/// The files of one result: a JSON, what lies beside it, and a figure. They are moved to their
/// places together.
///
/// Note [The JSON is there only where the result is whole]
/// The JSON is moved last, and removed first when a result is overwritten. So if a program is
/// killed, a result is complete or has no JSON. The temporary file of a JSON shows
/// clear_partial_files that its result is incomplete.
class OutputFiles {
 public:
  /// @param name           all names begin with it.
  /// @param kind           ".probe" gives NAME.probe.json and the figure NAME.probe.FORMAT.
  /// @param endings        of the other files, such as ".report.csv".
  /// @param figure_format  png, svg, pdf or none.
  /// @throws IoError  one of the files already exists and may not be overwritten.
  OutputFiles(const std::filesystem::path& name, const std::string& kind,
              const std::vector<std::string>& endings, const std::string& figure_format,
              Overwrite overwrite);

  [[nodiscard]] const std::filesystem::path& json() const { return json_.place(); }
  /// The figure, or the JSON if there is none.
  [[nodiscard]] const std::filesystem::path& shown() const;

  /// The final path of one of the other files.
  [[nodiscard]] const std::filesystem::path& place(const std::string& ending) const {
    return with(ending).place();
  }

  /// The temporary path of one of the other files.
  [[nodiscard]] const std::filesystem::path& temporary_path(const std::string& ending) const {
    return with(ending).temporary_path();
  }

  /// Writes one of the other files as text. @throws IoError
  void write(const std::string& ending, std::string_view text) const;

  /// Lets `draw` make the figure at a path while the caller does other work. Does nothing if there
  /// is no figure.
  void draw(std::function<void(const std::filesystem::path&)> draw);

  /// Writes the JSON and moves all files to their places. @throws IoError, what `draw` threw
  void commit(std::string_view json);

 private:
  [[nodiscard]] const OutputFile& with(const std::string& ending) const;

  std::filesystem::path name_;
  OutputFile json_;
  std::list<OutputFile> others_;
  std::list<OutputFile> figure_;  // one or none
};

}  // namespace relax_spectro
