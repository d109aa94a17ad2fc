#include "audio/stated_length.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <span>
#include <utility>

#include "audio/file_bytes.hpp"
#include "audio/ogg_pages.hpp"
#include "base/text.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

// Note [Why headers are read by hand]
// If a header promises more than the file contains, libsndfile silently shortens it. It takes some
// sizes literally that mean "not known", and stops early if a header promises too little. It
// reports none of this to the caller. So this file compares the header with the file, and corrects
// it where it states no length.

/// A container format made of chunks: identifier, size, bytes.
struct ChunkContainer {
  std::string_view magic;
  std::string_view form;
  std::uint64_t form_at;
  std::uint64_t first_chunk;
  std::size_t id_bytes;
  std::size_t size_bytes;
  ByteOrder order;
  bool size_has_head;      ///< a chunk's size includes its identifier and the size field
  std::uint64_t multiple;  ///< chunks begin at multiples of this many bytes
  std::string_view samples;
  std::uint64_t before_samples;  ///< bytes before the samples in the sample chunk
};

constexpr std::array kChunkContainers{
    ChunkContainer{"RIFF", "WAVE", 8, 12, 4, 4, ByteOrder::little, false, 2, "data", 0},
    ChunkContainer{"RIFX", "WAVE", 8, 12, 4, 4, ByteOrder::big, false, 2, "data", 0},
    ChunkContainer{"RF64", "WAVE", 8, 12, 4, 4, ByteOrder::little, false, 2, "data", 0},
    ChunkContainer{"BW64", "WAVE", 8, 12, 4, 4, ByteOrder::little, false, 2, "data", 0},
    ChunkContainer{"FORM", "AIFF", 8, 12, 4, 4, ByteOrder::big, false, 2, "SSND", 8},
    ChunkContainer{"FORM", "AIFC", 8, 12, 4, 4, ByteOrder::big, false, 2, "SSND", 8},
    ChunkContainer{"FORM", "8SVX", 8, 12, 4, 4, ByteOrder::big, false, 2, "BODY", 0},
    ChunkContainer{"FORM", "16SV", 8, 12, 4, 4, ByteOrder::big, false, 2, "BODY", 0},
    ChunkContainer{"riff", "wave", 24, 40, 16, 8, ByteOrder::little, true, 8, "data", 0},
    ChunkContainer{"caff", "", 4, 8, 4, 8, ByteOrder::big, false, 1, "data", 4}};

constexpr std::uint64_t kMostChunks = 10000;  // limits the time for a damaged file

/// Where a header states the number of sample bytes that follow.
struct SampleBytes {
  std::uint64_t size_at = 0;
  std::size_t size_bytes = 0;
  ByteOrder order = ByteOrder::little;
  std::uint64_t size_surplus = 0;  ///< bytes that the size counts in addition to the samples
  std::uint64_t begin = 0;         ///< of the samples
  std::uint64_t promised = 0;
};

/// A chunk's place and size. Nothing if the file ends before it.
struct Chunk {
  std::uint64_t size_at = 0;
  std::uint64_t body = 0;
  std::uint64_t size = 0;
};

std::optional<Chunk> chunk_at(FileBytes& file, const ChunkContainer& container,
                              std::uint64_t position) {
  Chunk chunk{position + container.id_bytes, 0, 0};
  chunk.body = chunk.size_at + container.size_bytes;
  const auto size = file.number(chunk.size_at, container.size_bytes, container.order);
  if (!size) return std::nullopt;
  const std::uint64_t head = container.size_has_head ? chunk.body - position : 0;
  chunk.size = *size - std::min(head, *size);
  return chunk;
}

/// A chunk's size, including the padding after it.
std::uint64_t filled_up(const ChunkContainer& container, std::uint64_t size) {
  return (size + container.multiple - 1) / container.multiple * container.multiple;
}

std::optional<SampleBytes> find_samples(FileBytes& file, const ChunkContainer& container) {
  std::optional<std::uint64_t> wide_size_at;  // for RF64 and BW64
  std::uint64_t position = container.first_chunk;
  for (std::uint64_t i = 0; i < kMostChunks; ++i) {
    const auto chunk = chunk_at(file, container, position);
    if (!chunk) return std::nullopt;
    if (file.has(position, "ds64")) wide_size_at = chunk->body + 8;
    if (file.has(position, container.samples)) {
      SampleBytes found{chunk->size_at,
                        container.size_bytes,
                        container.order,
                        container.before_samples,
                        chunk->body + container.before_samples,
                        chunk->size - std::min(container.before_samples, chunk->size)};
      if (container.size_has_head) found.size_surplus += chunk->body - position;
      if (wide_size_at && chunk->size == 0xFFFFFFFF) {
        found.size_at = *wide_size_at;
        found.size_bytes = 8;
        found.promised = file.number(*wide_size_at, 8, container.order).value_or(0);
      }
      return found;
    }
    if (chunk->size > file.size()) return std::nullopt;
    position = chunk->body + filled_up(container, chunk->size);
  }
  return std::nullopt;
}

/// The header of Sun and NeXT files has no chunks. It exists in both byte orders.
std::optional<SampleBytes> find_au_samples(FileBytes& file) {
  const bool little = file.has(0, "dns.");
  if (!little && !file.has(0, ".snd")) return std::nullopt;
  const ByteOrder order = little ? ByteOrder::little : ByteOrder::big;
  const auto begin = file.number(4, 4, order);
  const auto size = file.number(8, 4, order);
  if (!begin || !size) return std::nullopt;
  return SampleBytes{8, 4, order, 0, *begin, *size};
}

/// Placeholder sizes from programs that write to a pipe: the largest signed or unsigned number, and
/// SoX's.
bool stands_for_unknown(std::uint64_t size, std::size_t size_bytes) {
  constexpr std::uint64_t kHeader = 64;  // some programs subtract the size of their header
  const std::uint64_t most = size_bytes == 4 ? 0xFFFFFFFFU : ~std::uint64_t{0};
  const std::uint64_t half = most / 2 + 1;
  if (size_bytes == 4 && size >= 0x7FFFF000U - kHeader && size <= 0x7FFFF000U + kHeader)
    return true;
  return size >= most - kHeader || (size >= half - kHeader && size <= half);
}

bool begins_a_chunk(FileBytes& file, const ChunkContainer& container, std::uint64_t position) {
  const std::vector<std::uint8_t> id = file.read(position, 4);
  const auto chunk = chunk_at(file, container, position);
  return chunk && chunk->body <= file.size() && chunk->size <= file.size() - chunk->body &&
         std::ranges::all_of(id, [](std::uint8_t c) { return c >= ' ' && c <= '~'; });
}

/// Compares the promised number of bytes with the file. @param container  of chunks, or none.
void compare_bytes(const std::filesystem::path& path, FileBytes& file, const SampleBytes& samples,
                   const ChunkContainer* container, StatedLength& length) {
  constexpr std::uint64_t kPadding = 16;  // missing bytes that do not count
  const std::uint64_t present = file.size() - std::min(samples.begin, file.size());
  const bool nothing = samples.promised == 0;
  const std::uint64_t stated = samples.promised + samples.size_surplus;
  if (stands_for_unknown(stated, samples.size_bytes) ||
      stands_for_unknown(samples.promised, samples.size_bytes) ||
      (nothing && present > kPadding &&
       !(container != nullptr && begins_a_chunk(file, *container, samples.begin)))) {
    const std::uint64_t most = samples.size_bytes == 4 ? 0xFFFFFFFFU : ~std::uint64_t{0};
    const std::uint64_t size = std::min(present + samples.size_surplus, most);
    length.mending = {samples.size_at, bytes_of(size, samples.size_bytes, samples.order), {}};
    if (nothing) {
      length.warnings.push_back(fmt::format(
          "its header was never finished: it promises 0 bytes of samples, and {} follow. All were "
          "read as sound",
          present));
    }
    if (present + samples.size_surplus > most) {
      length.warnings.push_back(fmt::format(
          "its header has no room for a size above {} bytes: the rest is not read", most));
    }
    return;
  }
  const std::uint64_t end = samples.begin + samples.promised;
  const bool is_all =
      present >= samples.promised &&
      (present - samples.promised <= kPadding ||
       (container != nullptr &&
        begins_a_chunk(file, *container, samples.begin + filled_up(*container, samples.promised))));
  auto warning = compare_with_promise(
      path, samples.promised, is_all ? samples.promised : present, "bytes of samples",
      "the rest is not read. If it is sound, rewrite the header with an audio editor");
  if (!warning) return;
  length.warnings.push_back(std::move(*warning));
  length.mending = {0, {}, end};
}

/// Formats that store the number of frames at a fixed place. Decoding shows how many there really
/// are.
struct FixedField {
  std::string_view magic;
  std::uint64_t at;
  std::size_t bytes;
  ByteOrder order;
};

constexpr std::array kFixedFields{FixedField{"2BIT", 26, 4, ByteOrder::big},
                                  FixedField{"\x01\x04", 30, 4, ByteOrder::little},
                                  FixedField{"ALawSoundFile**", 18, 4, ByteOrder::big}};

/// The number of frames in the text header of a NIST file.
std::optional<std::uint64_t> nist_frames(FileBytes& file) {
  constexpr std::string_view kField = "sample_count -i ";
  const std::vector<std::uint8_t> bytes = file.read(0, 1024);
  const std::string text(bytes.begin(), bytes.end());
  const std::size_t at = text.find(kField);
  if (at == std::string::npos) return std::nullopt;
  std::uint64_t frames = 0;
  const auto read =
      std::from_chars(text.data() + at + kField.size(), text.data() + text.size(), frames);
  return read.ec == std::errc() ? std::optional(frames) : std::nullopt;
}

/// The number of frames in a FLAC's STREAMINFO. Without it, the whole file is decoded.
void read_streaminfo(FileBytes& file, std::uint64_t begin, StatedLength& length) {
  constexpr std::uint64_t kFieldAt = 21;
  constexpr std::size_t kFieldBytes = 5;  // its upper 4 bits belong to another field
  constexpr std::uint64_t kMask = 0xFFFFFFFFF;
  const auto field = file.number(begin + kFieldAt, kFieldBytes, ByteOrder::big);
  if (!field || (*field & kMask) == 0) return;
  length.promised = *field & kMask;
  length.mending = {begin + kFieldAt, bytes_of(*field & ~kMask, kFieldBytes, ByteOrder::big), {}};
}

/// The number of MPEG frames in a Xing, Info or VBRI header. Without one, nothing is promised.
void read_mpeg_header(FileBytes& file, std::uint64_t begin, StatedLength& length) {
  constexpr std::uint64_t kFarthest = 48;  // the farthest place of the header within its frame
  length.is_mpeg = true;
  length.unit = "MPEG frames";
  for (std::uint64_t at = begin; at < begin + kFarthest; ++at) {
    std::optional<std::uint64_t> frames;
    if (file.has(at, "Xing") || file.has(at, "Info")) {
      const auto flags = file.number(at + 4, 4, ByteOrder::big);
      if (flags && (*flags & 1U) != 0) frames = file.number(at + 8, 4, ByteOrder::big);
    } else if (file.has(at, "VBRI")) {
      frames = file.number(at + 14, 4, ByteOrder::big);
    }
    if (frames && *frames > 0) length.promised = frames;
  }
}

/// Where a file begins after its ID3v2 tags.
std::uint64_t end_of_tags(FileBytes& file) {
  std::uint64_t begin = 0;
  while (file.has(begin, "ID3")) {
    const std::vector<std::uint8_t> size = file.read(begin + 6, 4);  // 7 bits each
    begin += 10;
    for (std::size_t i = 0; i < size.size(); ++i)
      begin += std::uint64_t{size[i] & 0x7FU} << (21 - 7 * i);
  }
  return begin;
}

/// The end of the zeros that some programs write after tags.
std::uint64_t end_of_zeros(FileBytes& file, std::uint64_t begin) {
  constexpr std::size_t kMostZeros = 65536;
  const std::vector<std::uint8_t> ahead = file.read(begin, kMostZeros);
  const auto other = std::ranges::find_if(ahead, [](std::uint8_t byte) { return byte != 0; });
  return begin + static_cast<std::uint64_t>(other - ahead.begin());
}

/// Whether libsndfile might treat a file as MPEG, and let libmpg123 write to stderr.
bool may_be_mpeg(const std::filesystem::path& path, FileBytes& file, std::uint64_t tags_end) {
  const auto sync = file.number(tags_end, 2, ByteOrder::big);
  if (sync && (*sync >> 5U) == 0x7FF) return true;
  if (lower_case(path.extension().string()) == ".mp3") return true;
  return tags_end > 0 && !file.has(tags_end, "RIFF") && !file.has(tags_end, "FORM") &&
         !file.has(tags_end, "OggS");
}

/// "1 frame", "2 frames". @param unit  in the plural; it may begin with "of"
std::string counted(std::uint64_t count, std::string_view unit) {
  if (count != 1) return fmt::format("{} {}", count, unit);
  const std::size_t plural_end = std::min(unit.find(" of "), unit.size());
  return fmt::format("1 {}{}", unit.substr(0, plural_end - 1), unit.substr(plural_end));
}

}  // namespace

std::optional<std::string> compare_with_promise(const std::filesystem::path& path,
                                                std::uint64_t promised, std::uint64_t present,
                                                std::string_view unit, std::string_view note,
                                                std::string_view failure) {
  if (present < promised) {
    const std::string promise = counted(promised, unit);
    const std::string found =
        failure.empty()
            ? fmt::format("truncated: its header promises {}, the file holds {}", promise, present)
            : fmt::format(
                  "truncated or damaged: its header promises {}, only {} could be decoded ({})",
                  promise, present, failure);
    throw AudioError(
        fmt::format("{}: {}; copy or record it again, or rewrite its header with an audio editor",
                    path.string(), found));
  }
  if (present == promised) return std::nullopt;
  return fmt::format("its header promises {}, the file holds {}: {}", counted(promised, unit),
                     present, note);
}

StatedLength stated_length(const std::filesystem::path& path) {
  FileBytes file(path);
  StatedLength length;
  for (const ChunkContainer& container : kChunkContainers) {
    if (!file.has(0, container.magic) || !file.has(container.form_at, container.form)) continue;
    if (const auto samples = find_samples(file, container)) {
      compare_bytes(path, file, *samples, &container, length);
    }
    return length;
  }
  if (const auto samples = find_au_samples(file)) {
    compare_bytes(path, file, *samples, nullptr, length);
    return length;
  }
  for (const FixedField& field : kFixedFields) {
    if (!file.has(0, field.magic)) continue;
    length.promised = file.number(field.at, field.bytes, field.order);
    return length;
  }
  if (file.has(0, "NIST_1A")) {
    length.promised = nist_frames(file);
    return length;
  }
  if (file.has(0, "OggS")) {
    length.warnings = check_ogg_pages(path);
    return length;
  }
  const std::uint64_t tags_end = end_of_tags(file);
  if (file.has(tags_end, "fLaC")) {
    read_streaminfo(file, tags_end, length);
  } else if (may_be_mpeg(path, file, tags_end)) {
    read_mpeg_header(file, end_of_zeros(file, tags_end), length);
  }
  return length;
}

}  // namespace relax_spectro::core
