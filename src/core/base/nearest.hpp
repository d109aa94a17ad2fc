#pragma once

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relax_spectro {

/// Damerau-Levenshtein distance (optimal string alignment), ignoring case: how many letters must be
/// added, removed, changed or swapped with their neighbour.
[[nodiscard]] inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto same = [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  };
  std::vector<std::size_t> before(b.size() + 1);  // the row before the last
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = std::min({last[j] + (same(a[i], b[j]) ? 0 : 1), last[j + 1] + 1, row[j] + 1});
      if (i > 0 && j > 0 && same(a[i], b[j - 1]) && same(a[i - 1], b[j])) {
        row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
      }
    }
    before = std::exchange(last, std::move(row));
  }
  return last.back();
}

/// The name that was probably meant: the first of the nearest ones. Fewer than a third of its
/// letters may differ, or one in a name of three. Empty if no name is that near.
template <typename Names>
[[nodiscard]] std::string nearest_name(std::string_view typed, const Names& names) {
  std::string nearest;
  std::size_t least = typed.size() + 1;
  for (const auto& name : names) {
    const std::size_t distance = edit_distance(typed, name);
    const std::size_t letters = std::max(typed.size(), std::string_view(name).size());
    const bool near = 3 * distance < letters || (distance == 1 && letters == 3);
    if (distance >= least || !near) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

/// "; did you mean 'NAME'?", or nothing if no name is near.
template <typename Names>
[[nodiscard]] std::string did_you_mean(std::string_view typed, const Names& names) {
  const std::string nearest = nearest_name(typed, names);
  return nearest.empty() ? std::string() : "; did you mean '" + nearest + "'?";
}

/// The message for an unknown name: "fill 'zeroo' is not known; it is one of: zero, mean; did you
/// mean 'zero'?".
template <typename Names>
[[nodiscard]] std::string unknown_name(std::string_view what, std::string_view typed,
                                       const Names& known) {
  std::string text = std::string(what) + " '" + std::string(typed) + "' is not known; ";
  std::string separator = "it is one of: ";
  for (const auto& name : known) {
    text += std::exchange(separator, ", ") + std::string(name);
  }
  return text + did_you_mean(typed, known);
}

}  // namespace relax_spectro
