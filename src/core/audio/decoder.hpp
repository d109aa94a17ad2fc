#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "audio/stated_length.hpp"

namespace relax_spectro::core {

/// A recording that is open for reading from its beginning to its end.
class Decoder {
 public:
  Decoder() = default;
  virtual ~Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  [[nodiscard]] virtual int sample_rate_hz() const = 0;
  [[nodiscard]] virtual int channels() const = 0;
  /// How many frames the header says that there are, if it says so.
  [[nodiscard]] virtual std::optional<std::uint64_t> stated_frames() const = 0;
  /// Fills in interleaved frames. @returns how many: 0 at the end.
  [[nodiscard]] virtual std::size_t read(std::span<float> interleaved) = 0;
  /// How much was decoded, in the unit of StatedLength::promised.
  [[nodiscard]] virtual std::uint64_t decoded() const = 0;
  /// What went wrong, if reading ended before the file.
  [[nodiscard]] virtual std::optional<std::string> failure() const = 0;
};

/// @throws AudioError  not a recording.
[[nodiscard]] std::unique_ptr<Decoder> open_decoder(const std::filesystem::path& path,
                                                    const StatedLength& length);
[[nodiscard]] std::unique_ptr<Decoder> open_mpeg_decoder(const std::filesystem::path& path,
                                                         const StatedLength& length);

}  // namespace relax_spectro::core
