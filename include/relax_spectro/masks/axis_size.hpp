#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace relax_spectro {

enum class SizeUnit {
  count,    ///< cells or bins
  hertz,    ///< along frequency
  seconds,  ///< along time
  all,      ///< the whole axis
};

/// A size along one axis, as requested.
struct AxisSize {
  SizeUnit unit = SizeUnit::count;
  double value = 1.0;  ///< in `unit`; a whole number for a count, unused for `all`

  /// A number of cells or bins. Implicit, because a plain number is a count.
  constexpr AxisSize(std::size_t count) : value(static_cast<double>(count)) {}
  constexpr AxisSize(SizeUnit size_unit, double size) : unit(size_unit), value(size) {}

  /// @pre the unit is a count.
  [[nodiscard]] std::size_t count() const { return static_cast<std::size_t>(value); }

  friend bool operator==(const AxisSize&, const AxisSize&) = default;
};

/// The inverse of parse_size: "7", "500Hz", "0.25s", "all".
[[nodiscard]] std::string to_string(const AxisSize& size);

/// A size along both axes.
struct Size2d {
  AxisSize frequency = 1;
  AxisSize time = 1;

  /// @throws ConfigError  a size is below 1 bin or not above 0, or its unit does not fit the axis.
  ///                      The message names the option.
  void validate(std::string_view option) const;

  friend bool operator==(const Size2d&, const Size2d&) = default;
};

/// Reads "7x7", "500Hzx0.25s", "8x100ms" or "allx0.2s" (frequency x time). Units: Hz, kHz, s, ms.
/// @throws ConfigError  any other text; the message names the option.
[[nodiscard]] Size2d parse_size(std::string_view text, std::string_view option);

/// The inverse of parse_size: "7x7", "500Hzx0.25s".
[[nodiscard]] std::string to_string(const Size2d& size);

}  // namespace relax_spectro
