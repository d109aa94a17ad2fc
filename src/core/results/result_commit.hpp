#pragma once

#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::core {

/// Moves the finished files of a result to their places.
///
/// Note [The JSON is there only where the result is whole]
/// The JSON is written last, and removed first when a result is overwritten. So if a program is
/// killed, a result is complete or has no JSON. The temporary file of a JSON shows
/// clear_partial_files that its result is incomplete.
/// @param figure, table  null if there is none.
/// @throws IoError
inline void commit_result(OutputFile& arrays, OutputFile* figure, OutputFile& summary,
                          OutputFile* table = nullptr) {
  if (figure != nullptr) figure->wait();
  summary.clear_place();
  arrays.commit();
  if (figure != nullptr) figure->commit();
  if (table != nullptr) table->commit();
  summary.commit();
}

}  // namespace relax_spectro::core
