#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "shown_result.hpp"

namespace relax_spectro::render {

/// What a page is about: its models, what was measured and the recordings.
class PageHead {
 public:
  void add_recording(double duration_s);
  void add(const ShownResult& shown);

  /// As a list of terms. Empty without results.
  [[nodiscard]] std::string html() const;

 private:
  /// Masks that differ in nothing but their number in a window.
  struct Masks {
    MaskOptions options;
    ResolvedMethod method;
    std::size_t fewest = 0;
    std::size_t most = 0;
  };

  [[nodiscard]] std::vector<std::string> mask_texts() const;

  // In the order in which they came.
  std::vector<std::string> models_;
  std::vector<std::string> scores_;
  std::map<std::string, Masks> masks_;  ///< by their text without a number
  std::vector<std::string> fills_;
  std::set<std::string> versions_;
  std::size_t recordings_ = 0;
  std::size_t results_ = 0;
  double duration_s_ = 0.0;
};

}  // namespace relax_spectro::render
