#pragma once

#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::core {

/// Moves the finished files of a result to their places.
/// See Note [The JSON is there only where the result is whole].
/// @param figure  null if there is none.
/// @throws IoError
inline void commit_result(OutputFile& arrays, OutputFile* figure, OutputFile& summary) {
  if (figure != nullptr) figure->wait();
  summary.clear_place();
  arrays.commit();
  if (figure != nullptr) figure->commit();
  summary.commit();
}

}  // namespace relax_spectro::core
