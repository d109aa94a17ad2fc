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

/// A recording that is read from its beginning to its end.
class Decoder {
 public:
  Decoder() = default;
  virtual ~Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  [[nodiscard]] virtual int sample_rate_hz() const = 0;
  [[nodiscard]] virtual int channels() const = 0;
  /// The number of frames according to the header, if it states one.
  [[nodiscard]] virtual std::optional<std::uint64_t> stated_frames() const = 0;
  /// Reads interleaved frames into the span. @returns  how many: 0 at the end.
  [[nodiscard]] virtual std::size_t read(std::span<float> interleaved) = 0;
  /// How much was decoded, in the unit of StatedLength::unit.
  [[nodiscard]] virtual std::uint64_t decoded() const = 0;
  /// What went wrong, if decoding stopped before the end of the file.
  [[nodiscard]] virtual std::optional<std::string> failure() const = 0;
};

/// @throws AudioError  the file is not a recording.
[[nodiscard]] std::unique_ptr<Decoder> open_decoder(const std::filesystem::path& path,
                                                    const StatedLength& length);
[[nodiscard]] std::unique_ptr<Decoder> open_mpeg_decoder(const std::filesystem::path& path,
                                                         const StatedLength& length);

}  // namespace relax_spectro::core
