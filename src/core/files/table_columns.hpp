#pragma once

#include "files/text_table.hpp"

namespace relax_spectro::core {

// Column names in tables of this program, Raven, BirdNET, Kaleidoscope and Audacity users. In each
// line the first of these columns that is present and not empty counts.

/// The recording. Columns with a folder come first.
inline const TableFields kRecordingColumns{"file",     "Begin Path", "Begin File", "filename",
                                           "filepath", "path",       "IN FILE",    "recording"};

/// The label of a sound.
inline const TableFields kLabelColumns{
    "label",       "Annotation", "Species", "Common Name", "Scientific Name", "Species Code",
    "event label", "MANUAL ID",  "AUTO ID", "TOP1MATCH",   "class",           "category",
};

}  // namespace relax_spectro::core
