#include "files/text_match.hpp"

#include <iterator>
#include <regex>

namespace relax_spectro::core {

// In its own source, because <regex> adds two seconds of compile time to each file.
std::optional<std::vector<std::string>> matched_groups(const std::string& text,
                                                       const char* pattern) {
  std::smatch found;
  if (!std::regex_match(text, found, std::regex(pattern))) return std::nullopt;
  return std::vector<std::string>(std::next(found.begin()), found.end());
}

}  // namespace relax_spectro::core
