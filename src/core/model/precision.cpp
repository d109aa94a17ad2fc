#include "relax_spectro/model/model.hpp"

#include <array>
#include <cmath>

#include "base/enum_names.hpp"

namespace relax_spectro {
namespace {

using namespace std::string_view_literals;

constexpr core::EnumNames kPrecisions{
    "precision",
    std::array{std::pair{Precision::single, "single"sv}, std::pair{Precision::half, "half"sv},
               std::pair{Precision::bfloat16, "bfloat16"sv}}};

}  // namespace

Precision parse_precision(std::string_view name) { return kPrecisions.parse(name); }

std::string_view to_string(Precision precision) { return kPrecisions.name_of(precision); }

double rounding_of(Precision precision) {
  const int digits = precision == Precision::single ? 24 : precision == Precision::half ? 11 : 8;
  return std::ldexp(1.0, -digits);
}

}  // namespace relax_spectro
