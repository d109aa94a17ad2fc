#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace relax_spectro {

/// Which classes get another name, and which are dropped.
class ClassMap {
 public:
  /// Keeps all classes.
  ClassMap() = default;

  /// Reads a table with the columns `from` and `to`. An empty `to` drops the class.
  /// @throws IoError  the table lacks a column or a line, or says two things of a class.
  explicit ClassMap(const std::filesystem::path& path);

  [[nodiscard]] bool empty() const { return to_.empty(); }

  /// The new label. A label that the map does not have stays as it is. New labels are not looked up
  /// again. @returns  an empty text if the class is dropped
  [[nodiscard]] const std::string& of(const std::string& label) const;

  /// The classes of the map that no label has.
  [[nodiscard]] std::vector<std::string> unused(const std::vector<std::string>& labels) const;

 private:
  std::map<std::string, std::string> to_;
};

}  // namespace relax_spectro
