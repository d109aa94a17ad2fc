#include "model/weights/stored_number.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace relax_spectro::core {
namespace {

/// Converts an IEEE 754 half-precision number.
float half_to_float(std::uint16_t bits) {
  const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
  const int exponent = (bits >> 10) & 0x1f;
  const auto fraction = static_cast<float>(bits & 0x3ffU);
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent == 0x1f) {
    return fraction == 0 ? sign * std::numeric_limits<float>::infinity()
                         : std::numeric_limits<float>::quiet_NaN();
  }
  return sign * std::ldexp(fraction + 1024.0F, exponent - 25);
}

float bfloat16_to_float(std::uint16_t bits) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

template <typename T>
float read_as(const char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return static_cast<float>(value);
}

template <float (*convert)(std::uint16_t)>
float read_16_bits(const char* bytes) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, bytes, sizeof bits);
  return convert(bits);
}

constexpr std::array<StoredNumber, 10> kNumbers{{
    {"torch.FloatStorage", "F32", 4, read_as<float>},
    {"torch.DoubleStorage", "F64", 8, read_as<double>},
    {"torch.HalfStorage", "F16", 2, read_16_bits<half_to_float>},
    {"torch.BFloat16Storage", "BF16", 2, read_16_bits<bfloat16_to_float>},
    {"torch.LongStorage", "I64", 8, read_as<std::int64_t>},
    {"torch.IntStorage", "I32", 4, read_as<std::int32_t>},
    {"torch.ShortStorage", "I16", 2, read_as<std::int16_t>},
    {"torch.CharStorage", "I8", 1, read_as<std::int8_t>},
    {"torch.ByteStorage", "U8", 1, read_as<std::uint8_t>},
    {"torch.BoolStorage", "BOOL", 1, read_as<std::uint8_t>},
}};

}  // namespace

std::span<const StoredNumber> stored_numbers() { return kNumbers; }

}  // namespace relax_spectro::core
