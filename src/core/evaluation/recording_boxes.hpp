#pragma once

#include <memory>
#include <span>
#include <vector>

#include "evaluation/boxes.hpp"
#include "relax_spectro/files/source_file.hpp"

namespace relax_spectro {

/// Finds the boxes in a table that belong to a recording.
///
/// A box belongs to the recording with the same file name. If there is none, names are compared
/// without their endings (so that `dog.flac` finds the boxes of `dog.wav`), and then ignoring case.
/// Among equal names the folders decide, as far as table and recording name them: `site1/a.wav` in
/// the table is `/data/site1/a.wav`, not `/data/site2/a.wav`. Both `\` and `/` separate folders.
/// Names that differ only in Unicode normalisation are equal. If a table names no recordings, all
/// its boxes belong to the only recording.
class RecordingBoxes {
 public:
  /// @param recordings  all recordings that of() will be called with. Those with the same SHA-256
  ///                    count as one.
  /// @throws ConfigError  the table names no recordings, and there is more than one.
  RecordingBoxes(BoxTable table, std::span<const SourceFile> recordings);
  ~RecordingBoxes();
  RecordingBoxes(const RecordingBoxes&) = delete;
  RecordingBoxes& operator=(const RecordingBoxes&) = delete;

  /// The boxes of one of the recordings, in the order of the table.
  /// @throws IoError  there are none (the message lists recordings that have boxes), or equal names
  ///                  are ambiguous.
  [[nodiscard]] std::vector<AnnotatedBox> of(const SourceFile& recording) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro
