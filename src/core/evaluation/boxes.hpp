#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/base/array2d.hpp"

namespace relax_spectro {

/// An event that somebody marked in a recording.
struct AnnotatedBox {
  double start_s = 0.0;  ///< from the recording's start
  double end_s = 0.0;    ///< after start_s
  double low_hz = 0.0;
  double high_hz = std::numeric_limits<double>::infinity();  ///< above low_hz
  std::string label = {};      ///< what it is; empty where the table does not say
  std::string recording = {};  ///< the file it was marked in; empty where the table does not say
  std::size_t line = 0;        ///< of the table, the header being line 1
};

/// The boxes of a table, in its order.
struct BoxTable {
  std::filesystem::path path;
  bool names_recordings = false;  ///< whether it says of which recording each box is
  std::vector<AnnotatedBox> boxes;
};

/// Reads a table of boxes, one a line, under a line of column names, in any order. Fields are kept
/// apart by commas, semicolons or tabs. They may be quoted, a quote within them doubled (RFC 4180).
/// The text is UTF-8, UTF-16 with a mark at its start, or Windows-1252. Kinds:
///
/// * `start_s`, `end_s`; where wanted `low_hz`, `high_hz` (left out or empty: from 0 Hz, or without
///   a limit), `label`, `file`. Other columns are passed over.
/// * A selection table of Raven (Cornell Lab of Ornithology), as BirdNET writes them too: `Begin
///   Time (s)`, `End Time (s)`; where wanted `Low Freq (Hz)`, `High Freq (Hz)`, and `Begin Path` or
///   `Begin File` for the recording. Lines of one `Selection` and time are one box, whatever their
///   `View`. Raven counts begin times through all files that are open together; `File Offset (s)`,
///   where there is one, says when a box begins in its own file.
/// * Tables with the columns of BirdNET's CSV (`Start (s)`), of Kaleidoscope (`OFFSET`, `DURATION`,
///   `Fmin`, `Fmax`, `INDIR`, `FOLDER`, `IN FILE`), OpenSoundscape (`start_time`, `end_time`,
///   `low_f`, `high_f`) or DCASE (`onset`, `offset`), and labels of Audacity, which have no header.
///
/// In each kind the label is what the first of these columns has: `label`, `Annotation`, `Species`,
/// `Common Name`, `Scientific Name`, `Species Code`, and those that data/FORMAT.md lists.
///
/// @throws IoError  it cannot be read, lacks a column, or a line does not say a box: a number is
///                  missing, not one, or negative, or an end is not after its start, or a field is
///                  too many, or it names no recording, but others do. The message names the file,
///                  the line and the column.
[[nodiscard]] BoxTable read_boxes(const std::filesystem::path& path);

/// The boxes that have a label.
[[nodiscard]] std::vector<AnnotatedBox> boxes_labelled(std::span<const AnnotatedBox> boxes,
                                                       std::string_view label);

/// How far a spectrogram and its recording go.
struct SpectrogramExtent {
  std::span<const double> time_s;        ///< centre of each frame, rising; at least one
  std::span<const double> frequency_hz;  ///< centre of each band, rising; at least one
  double duration_s = 0.0;               ///< of the recording
  double nyquist_hz = 0.0;               ///< of the recording: half its sample rate
};

/// Which bins lie inside any of some boxes: [frequency, time], 1 inside, 0 outside. A bin is inside
/// where its centre is, edges included. A box that lies between centres, or behind the last one,
/// takes the nearest frame or band, so that none is lost.
/// @param table  the file that errors name.
/// @throws IoError  a box begins behind the recording's end, or at its Nyquist frequency or above,
///                  or lies outside what the bands cover (to half a band beyond the outer ones).
[[nodiscard]] Array2d<std::uint8_t> bins_inside(std::span<const AnnotatedBox> boxes,
                                                const SpectrogramExtent& extent,
                                                const std::filesystem::path& table);

}  // namespace relax_spectro
