#include <fmt/format.h>
#include <mpg123.h>

#include <algorithm>

#include "audio/decoder.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

// Note [Why libsndfile does not decode MPEG]
// It truncates or pads the sound to a length that libmpg123 estimates from the first frame's bit
// rate. It also lets libmpg123 write to stderr.

struct HandleDeleter {
  void operator()(mpg123_handle* handle) const { mpg123_delete(handle); }
};
using Handle = std::unique_ptr<mpg123_handle, HandleDeleter>;

class MpegDecoder final : public Decoder {
 public:
  MpegDecoder(const std::filesystem::path& path, const StatedLength& length)
      : handle_(mpg123_new(nullptr, nullptr)), promised_(length.promised) {
    if (!handle_) throw Error("libmpg123 cannot be started");
    constexpr long kFlags = MPG123_QUIET | MPG123_FORCE_FLOAT | MPG123_GAPLESS;
    constexpr long kWholeFile = -1;
    mpg123_param(handle_.get(), MPG123_ADD_FLAGS, kFlags, 0.0);
    mpg123_param(handle_.get(), MPG123_REMOVE_FLAGS, MPG123_AUTO_RESAMPLE, 0.0);
    mpg123_param(handle_.get(), MPG123_RESYNC_LIMIT, kWholeFile, 0.0);
    int encoding = 0;
    if (mpg123_open(handle_.get(), path.c_str()) != MPG123_OK ||
        mpg123_getformat(handle_.get(), &sample_rate_hz_, &channels_, &encoding) != MPG123_OK) {
      throw AudioError(fmt::format(
          "{}: not an mp3 that libmpg123 can read ({}); check whether it is a recording",
          path.string(), mpg123_strerror(handle_.get())));
    }
    if (encoding != MPG123_ENC_FLOAT_32) throw Error("libmpg123 was built without floats");
  }

  [[nodiscard]] int sample_rate_hz() const override { return static_cast<int>(sample_rate_hz_); }
  [[nodiscard]] int channels() const override { return channels_; }
  [[nodiscard]] std::optional<std::uint64_t> stated_frames() const override {
    const auto frames = mpg123_length(handle_.get());  // an estimate, unless the header states it
    if (!promised_ || frames < 0) return std::nullopt;
    return static_cast<std::uint64_t>(frames);
  }

  [[nodiscard]] std::size_t read(std::span<float> interleaved) override {
    if (ended_) return 0;
    std::size_t bytes = 0;
    const int result =
        mpg123_read(handle_.get(), reinterpret_cast<unsigned char*>(interleaved.data()),
                    interleaved.size_bytes(), &bytes);
    ended_ = result != MPG123_OK;
    if (result == MPG123_NEW_FORMAT) {
      failure_ = "the sample rate or the number of channels changes";
    } else if (ended_ && result != MPG123_DONE) {
      failure_ = mpg123_strerror(handle_.get());
    }
    return bytes / sizeof(float) / static_cast<std::size_t>(channels_);
  }

  [[nodiscard]] std::uint64_t decoded() const override {
    const auto frames =
        static_cast<std::uint64_t>(std::max<std::int64_t>(mpg123_tellframe(handle_.get()), 0));
    // Some encoders count the header as a frame, some do not.
    const bool is_all = promised_ && frames + 1 >= *promised_ && frames <= *promised_ + 1;
    return is_all ? *promised_ : frames;
  }
  [[nodiscard]] std::optional<std::string> failure() const override { return failure_; }

 private:
  Handle handle_;
  std::optional<std::uint64_t> promised_;
  long sample_rate_hz_ = 0;
  int channels_ = 0;
  bool ended_ = false;
  std::optional<std::string> failure_;
};

}  // namespace

std::unique_ptr<Decoder> open_mpeg_decoder(const std::filesystem::path& path,
                                           const StatedLength& length) {
  return std::make_unique<MpegDecoder>(path, length);
}

}  // namespace relax_spectro::core
