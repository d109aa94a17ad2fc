#pragma once

#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro::core {

/// Moves the files of a result to their places, all written already.
///
/// Note [The JSON is there only where the result is whole]
/// It comes last, and goes first where a result is overwritten: a program that is killed at any
/// moment leaves a result whole or without its JSON. clear_partial_files knows the latter by the
/// JSON's temporary file.
/// @param figure  none where there is no figure.
/// @throws IoError
inline void commit_result(OutputFile& arrays, OutputFile* figure, OutputFile& summary) {
  summary.clear_place();
  arrays.commit();
  if (figure != nullptr) figure->commit();
  summary.commit();
}

}  // namespace relax_spectro::core
