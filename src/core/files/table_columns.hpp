#pragma once

#include "files/text_table.hpp"

namespace relax_spectro::core {

// What tables call a column, of this program, Raven, BirdNET, Kaleidoscope and Audacity's users. In
// each line the first counts that is there and not empty.

/// The recording; what tells its folder comes first.
inline const TableFields kRecordingColumns{"file",     "Begin Path", "Begin File", "filename",
                                           "filepath", "path",       "IN FILE",    "recording"};

/// What is heard.
inline const TableFields kLabelColumns{
    "label",       "Annotation", "Species", "Common Name", "Scientific Name", "Species Code",
    "event label", "MANUAL ID",  "AUTO ID", "TOP1MATCH",   "class",           "category",
};

}  // namespace relax_spectro::core
