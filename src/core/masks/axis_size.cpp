#include "relax_spectro/masks/axis_size.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/require.hpp"
#include "base/text.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {
namespace {

struct UnitName {
  std::string_view name;  // in small letters
  SizeUnit unit;
  double of;  // `of` units of the text ...
  double is;  // ... are `is` base units. Both are whole numbers, so that 100ms equals 0.1s exactly
};

constexpr std::array kUnits{
    UnitName{"hz", SizeUnit::hertz, 1, 1}, UnitName{"khz", SizeUnit::hertz, 1, 1000},
    UnitName{"s", SizeUnit::seconds, 1, 1}, UnitName{"ms", SizeUnit::seconds, 1000, 1}};

// More bins than any spectrogram has, yet exactly representable in a double.
constexpr double kMostCount = 999'999'999.0;

/// One side: "7", "500Hz", "0.25s" or "all". Nothing if it is none of these.
std::optional<AxisSize> parse_side(std::string_view text) {
  if (text == "all") return AxisSize(SizeUnit::all, 0.0);
  double number = 0.0;
  const char* text_end = text.data() + text.size();
  const auto [number_end, error] = std::from_chars(text.data(), text_end, number);
  if (error != std::errc()) return std::nullopt;
  if (number_end == text_end) {
    const bool digits_only = text.find_first_not_of("0123456789") == std::string_view::npos;
    return digits_only ? std::optional(AxisSize(SizeUnit::count, number)) : std::nullopt;
  }
  const std::string unit_text = core::lower_case({number_end, text_end});
  for (const UnitName& unit : kUnits) {
    if (unit.name == unit_text) return AxisSize(unit.unit, number * unit.is / unit.of);
  }
  return std::nullopt;
}

void require_side(const AxisSize& side, SizeUnit unit_of_axis, std::string_view axis,
                  const std::string& what) {
  if (side.unit == SizeUnit::all) return;
  if (side.unit == SizeUnit::count) {
    core::require(
        side.value >= 1.0 && side.value <= kMostCount && side.value == std::floor(side.value),
        fmt::format("{}; expected FREQUENCYxTIME, counts from 1 to {:.0f}", what, kMostCount));
    return;
  }
  core::require(side.unit == unit_of_axis, fmt::format("{}; expected Hertz along frequency, "
                                                       "which comes first, and seconds along time",
                                                       what));
  core::require(std::isfinite(side.value) && side.value > 0.0,
                fmt::format("{}; expected more than 0 along {}", what, axis));
}

}  // namespace

std::string to_string(const AxisSize& size) {
  switch (size.unit) {
    case SizeUnit::hertz:
      return fmt::format("{}Hz", size.value);
    case SizeUnit::seconds:
      return fmt::format("{}s", size.value);
    case SizeUnit::all:
      return "all";
    case SizeUnit::count:
      break;
  }
  return fmt::format("{:.0f}", size.value);
}

void Size2d::validate(std::string_view option) const {
  const std::string what = fmt::format("{} is '{}'", option, to_string(*this));
  require_side(frequency, SizeUnit::hertz, "frequency", what);
  require_side(time, SizeUnit::seconds, "time", what);
}

Size2d parse_size(std::string_view text, std::string_view option) {
  const std::size_t cross = text.find('x');
  const auto frequency = parse_side(text.substr(0, cross));
  const auto time =
      cross == std::string_view::npos ? std::nullopt : parse_side(text.substr(cross + 1));
  if (!frequency || !time) {
    throw ConfigError(
        fmt::format("{} is '{}'; expected FREQUENCYxTIME, each a whole number of 1 or more, or a "
                    "size with its unit, such as 7x7, 500Hzx0.25s or 8x100ms",
                    option, text));
  }
  const Size2d size{*frequency, *time};
  size.validate(option);
  return size;
}

std::string to_string(const Size2d& size) {
  return to_string(size.frequency) + "x" + to_string(size.time);
}

}  // namespace relax_spectro
