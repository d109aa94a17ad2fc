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

/// An annotated event in a recording.
struct AnnotatedBox {
  double start_s = 0.0;  ///< from the recording's start
  double end_s = 0.0;    ///< after start_s
  double low_hz = 0.0;
  double high_hz = std::numeric_limits<double>::infinity();  ///< above low_hz
  std::string label = {};      ///< what it is; empty if the table has no label
  std::string recording = {};  ///< its file; empty if the table names none
  std::size_t line = 0;        ///< in the table; the header is line 1
};

/// The boxes of a table, in its order.
struct BoxTable {
  std::filesystem::path path;
  bool names_recordings = false;  ///< whether each box has a recording
  std::vector<AnnotatedBox> boxes;
};

/// Reads a table of boxes, one a line. The first line has column names, in any order. Separators
/// are commas, semicolons or tabs. Fields may be quoted, with quotes inside them doubled (RFC 4180).
/// The text is UTF-8, UTF-16 with a byte order mark, or Windows-1252. These tables are supported:
///
/// * `start_s`, `end_s`; optional: `low_hz` (default 0), `high_hz` (default: no limit), `label`,
///   `file`. Other columns are ignored.
/// * Selection tables of Raven (Cornell Lab of Ornithology), which BirdNET writes too: `Begin Time
///   (s)`, `End Time (s)`. Optional: `Low Freq (Hz)`, `High Freq (Hz)`, and the recording in `Begin
///   Path` or `Begin File`. Lines with the same `Selection` and time are one box for any `View`.
///   Raven counts begin times through all files that are open together. `File Offset (s)`, if
///   present, is the start in the box's own file.
/// * BirdNET's CSV (`Start (s)`), Kaleidoscope (`OFFSET`, `DURATION`, `Fmin`, `Fmax`, `INDIR`,
///   `FOLDER`, `IN FILE`), OpenSoundscape (`start_time`, `end_time`, `low_f`, `high_f`), and DCASE
///   (`onset`, `offset`).
/// * Labels of Audacity, which have no header.
///
/// The label is in the first of these columns that is not empty: `label`, `Annotation`, `Species`,
/// `Common Name`, `Scientific Name`, `Species Code`, and others that data/FORMAT.md lists.
///
/// @throws IoError  the table cannot be read or lacks a column, or a line is not valid. A number
///                  may be missing, malformed or negative, or an end not after its start. A line
///                  may have too many fields, or no recording although others have. The message has
///                  the file, the line and the column.
[[nodiscard]] BoxTable read_boxes(const std::filesystem::path& path);

/// The boxes with this label.
[[nodiscard]] std::vector<AnnotatedBox> boxes_labelled(std::span<const AnnotatedBox> boxes,
                                                       std::string_view label);

/// The boxes that are partly or wholly between two times.
[[nodiscard]] std::vector<AnnotatedBox> boxes_between(std::span<const AnnotatedBox> boxes,
                                                      double begin_s, double end_s);

/// The range of a spectrogram and its recording.
struct SpectrogramExtent {
  std::span<const double> time_s;        ///< centre of each frame, ascending; at least one
  std::span<const double> frequency_hz;  ///< centre of each band, ascending; at least one
  double duration_s = 0.0;               ///< of the recording
  double nyquist_hz = 0.0;               ///< of the recording: half its sample rate
};

/// Which bins are inside any of the boxes: [frequency, time], 1 inside, 0 outside. A bin is inside
/// if its centre is, including edges. A box without a centre gets the nearest frame or band, so
/// that no box is lost.
/// @param table  the file that errors name.
/// @throws IoError  a box begins after the recording's end, or at or above its Nyquist frequency.
///                  Or it lies outside the range of the bands (outer centres plus half a band).
[[nodiscard]] Array2d<std::uint8_t> bins_inside(std::span<const AnnotatedBox> boxes,
                                                const SpectrogramExtent& extent,
                                                const std::filesystem::path& table);

}  // namespace relax_spectro
