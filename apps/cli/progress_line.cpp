#include "cli/progress_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <clocale>
#include <cmath>
#include <cwchar>
#include <vector>

namespace relax_spectro::cli {
namespace {

constexpr std::size_t kMostCells = 24;
constexpr std::size_t kFewestCells = 4;
constexpr std::size_t kAroundCells = 3;  // " [" and "]"
constexpr std::size_t kLeastLabel = 8;

std::string time_text(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02d} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02d} min", whole / 3600, whole % 3600 / 60);
}

/// A character as a terminal shows it.
struct Glyph {
  std::string bytes;
  std::size_t columns = 1;
};

/// The C library reads characters by a locale, and the user's may not be UTF-8.
class Utf8 {
 public:
  Utf8() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)), before_(uselocale(locale_)) {}
  ~Utf8() {
    uselocale(before_);
    if (locale_ != nullptr) freelocale(locale_);
  }
  Utf8(const Utf8&) = delete;
  Utf8& operator=(const Utf8&) = delete;

 private:
  locale_t locale_;
  locale_t before_;
};

std::vector<Glyph> glyphs_of(const std::string& text) {
  const Utf8 utf8;
  std::vector<Glyph> glyphs;
  std::mbstate_t state{};
  for (std::size_t i = 0; i < text.size();) {
    wchar_t character = 0;
    const std::size_t read = std::mbrtowc(&character, text.data() + i, text.size() - i, &state);
    const bool valid = read > 0 && read <= text.size() - i;
    const int columns = valid ? wcwidth(character) : -1;
    if (columns >= 0) {
      glyphs.push_back({text.substr(i, read), static_cast<std::size_t>(columns)});
    } else {
      glyphs.push_back({"?"});
      state = {};
    }
    i += valid ? read : 1;
  }
  return glyphs;
}

std::size_t width_of(const std::vector<Glyph>& glyphs) {
  std::size_t columns = 0;
  for (const Glyph& glyph : glyphs) columns += glyph.columns;
  return columns;
}

/// As much of it as fits, with an ellipsis for the rest.
std::string fitted(const std::vector<Glyph>& glyphs, std::size_t columns) {
  const bool whole = width_of(glyphs) <= columns;
  std::size_t room = whole ? columns : columns - std::min<std::size_t>(columns, 1);
  std::string text;
  for (const Glyph& glyph : glyphs) {
    if (glyph.columns > room) break;
    room -= glyph.columns;
    text += glyph.bytes;
  }
  if (!whole && columns > 0) text += "…";
  return text;
}

/// The text after the bar: the longest that leaves room for a label.
std::string tail_of(const ProgressState& state, std::size_t columns) {
  const std::string percent = fmt::format(" {:3.0f} %", 100.0 * state.part);
  const std::string left =
      state.seconds_left ? time_text(*state.seconds_left) + " left" : std::string();
  const std::string between = left.empty() ? "" : ", ";
  const std::array candidates{fmt::format("{} {}{}{}", percent, state.counts, between, left),
                              fmt::format("{}{}{}", percent, between, left), percent};
  const auto found = std::ranges::find_if(candidates, [columns](const std::string& candidate) {
    return candidate.size() + kLeastLabel <= columns;
  });
  return found == candidates.end() ? percent : *found;
}

}  // namespace

std::string progress_line(const ProgressState& state, std::size_t columns) {
  const std::vector<Glyph> label = glyphs_of(state.label);
  const std::string tail = tail_of(state, columns).substr(0, columns);
  const std::size_t room = columns - tail.size();
  const std::size_t label_width = std::min(width_of(label), room);
  const std::size_t left = room - label_width;
  const std::size_t cells = std::min(left - std::min(left, kAroundCells), kMostCells);
  std::string bar;
  if (cells >= kFewestCells) {
    const auto filled = static_cast<std::size_t>(state.part * static_cast<double>(cells));
    bar = fmt::format(" [{}{}]", std::string(filled, '#'), std::string(cells - filled, '.'));
  }
  return fitted(label, label_width) + bar + tail;
}

std::optional<double> seconds_left(double seconds, double made, double left) {
  return made > 0.0 ? std::optional(seconds / made * left) : std::nullopt;
}

}  // namespace relax_spectro::cli
