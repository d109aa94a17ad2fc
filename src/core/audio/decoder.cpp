#include "audio/decoder.hpp"

#include <fmt/format.h>
#include <sndfile.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "audio/file_bytes.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

/// A file with some header bytes corrected, as libsndfile will read it.
class MendedFile {
 public:
  MendedFile(const std::filesystem::path& path, Mending mending)
      : file_(path), mending_(std::move(mending)) {
    if (mending_.end) file_.end_at(*mending_.end);
  }

  [[nodiscard]] SNDFILE* open(SF_INFO& info) {
    SF_VIRTUAL_IO functions{size, seek, read, nullptr, tell};
    return sf_open_virtual(&functions, SFM_READ, &info, this);
  }

 private:
  static MendedFile& self(void* data) { return *static_cast<MendedFile*>(data); }
  static sf_count_t size(void* data) { return static_cast<sf_count_t>(self(data).file_.size()); }
  static sf_count_t tell(void* data) { return static_cast<sf_count_t>(self(data).position_); }

  static sf_count_t seek(sf_count_t offset, int from, void* data) {
    sf_count_t base = 0;
    if (from == SEEK_CUR) base = tell(data);
    if (from == SEEK_END) base = size(data);
    self(data).position_ = static_cast<std::uint64_t>(std::max<sf_count_t>(base + offset, 0));
    return tell(data);
  }

  static sf_count_t read(void* target, sf_count_t count, void* data) {
    MendedFile& mended = self(data);
    std::vector<std::uint8_t> bytes = mended.file_.read(
        mended.position_, static_cast<std::size_t>(std::max<sf_count_t>(count, 0)));
    for (std::size_t i = 0; i < mended.mending_.bytes.size(); ++i) {
      const std::uint64_t place = mended.mending_.offset + i - mended.position_;
      if (place < bytes.size()) bytes[place] = mended.mending_.bytes[i];
    }
    if (!bytes.empty()) std::memcpy(target, bytes.data(), bytes.size());
    mended.position_ += bytes.size();
    return static_cast<sf_count_t>(bytes.size());
  }

  FileBytes file_;
  Mending mending_;
  std::uint64_t position_ = 0;
};

// For two containers libsndfile reports truncation only in its log.
bool log_says_truncated(SNDFILE* file, const SF_INFO& info) {
  const int container = info.format & SF_FORMAT_TYPEMASK;
  if (container != SF_FORMAT_VOC && container != SF_FORMAT_MAT4) return false;
  std::array<char, 16384> log{};
  sf_command(file, SFC_GET_LOG_INFO, log.data(), static_cast<int>(log.size()));
  return std::string_view(log.data()).find("truncated") != std::string_view::npos;
}

struct SndfileCloser {
  void operator()(SNDFILE* file) const { sf_close(file); }
};

class SndfileDecoder final : public Decoder {
 public:
  SndfileDecoder(const std::filesystem::path& path, const StatedLength& length) {
    if (length.mending) mended_ = std::make_unique<MendedFile>(path, *length.mending);
    file_.reset(mended_ ? mended_->open(info_) : sf_open(path.c_str(), SFM_READ, &info_));
    if (!file_) {
      throw AudioError(fmt::format(
          "{}: not a recording that libsndfile can read ({}); expected wav, flac, ogg, mp3, aiff "
          "or another of its formats",
          path.string(), sf_strerror(nullptr)));
    }
    if (log_says_truncated(file_.get(), info_)) {
      throw AudioError(fmt::format(
          "{}: truncated: its header promises more than the {} frames that it holds; copy or "
          "record it again",
          path.string(), info_.frames));
    }
    stated_frames_ = length.promised;
    // SF_COUNT_MAX is libsndfile's value for "not known".
    if (!stated_frames_ && info_.frames >= 0 && info_.frames < SF_COUNT_MAX) {
      stated_frames_ = static_cast<std::uint64_t>(info_.frames);
    }
  }

  [[nodiscard]] int sample_rate_hz() const override { return info_.samplerate; }
  [[nodiscard]] int channels() const override { return info_.channels; }
  [[nodiscard]] std::optional<std::uint64_t> stated_frames() const override {
    return stated_frames_;
  }
  [[nodiscard]] std::size_t read(std::span<float> interleaved) override {
    const auto most = static_cast<sf_count_t>(interleaved.size()) / info_.channels;
    const sf_count_t frames = sf_readf_float(file_.get(), interleaved.data(), most);
    decoded_ += static_cast<std::uint64_t>(std::max<sf_count_t>(frames, 0));
    if (sf_error(file_.get()) != SF_ERR_NO_ERROR) failure_ = sf_strerror(file_.get());
    return static_cast<std::size_t>(std::max<sf_count_t>(frames, 0));
  }
  [[nodiscard]] std::uint64_t decoded() const override { return decoded_; }
  [[nodiscard]] std::optional<std::string> failure() const override { return failure_; }

 private:
  std::unique_ptr<MendedFile> mended_;  // must outlive the file that reads from it
  SF_INFO info_{};
  std::unique_ptr<SNDFILE, SndfileCloser> file_;
  std::optional<std::uint64_t> stated_frames_;
  std::uint64_t decoded_ = 0;
  std::optional<std::string> failure_;  // kept here because the next read would clear it
};

}  // namespace

std::unique_ptr<Decoder> open_decoder(const std::filesystem::path& path,
                                      const StatedLength& length) {
  if (length.is_mpeg) return open_mpeg_decoder(path, length);
  return std::make_unique<SndfileDecoder>(path, length);
}

}  // namespace relax_spectro::core
