#pragma once

#include <memory>
#include <span>
#include <vector>

#include "evaluation/boxes.hpp"
#include "relax_spectro/files/source_file.hpp"

namespace relax_spectro {

/// Which boxes of a table are of which recording.
///
/// Boxes are a recording's whose file has its name; or else its name without the ending (so that
/// `dog.flac` finds those of `dog.wav`); or else this whatever the case of its letters. Of equal
/// names the folders decide, as far as table and recording tell them: `site1/a.wav` in the table is
/// `/data/site1/a.wav`, not `/data/site2/a.wav`. `\` stands between folders as `/` does, and names
/// that differ in Unicode normalisation alone are the same. A table that names no recordings has
/// the boxes of the only one.
class RecordingBoxes {
 public:
  /// @param recordings  all that are going to be asked for. Those of one SHA-256 are the same.
  /// @throws ConfigError  the table names no recordings, and there are several.
  RecordingBoxes(BoxTable table, std::span<const SourceFile> recordings);
  ~RecordingBoxes();
  RecordingBoxes(const RecordingBoxes&) = delete;
  RecordingBoxes& operator=(const RecordingBoxes&) = delete;

  /// The boxes of one of the recordings, in the table's order.
  /// @throws IoError  there are none: the message lists recordings that the table has boxes of; or
  ///                  equal names cannot be told apart.
  [[nodiscard]] std::vector<AnnotatedBox> of(const SourceFile& recording) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro
