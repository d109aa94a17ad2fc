#pragma once

#include <string_view>
#include <vector>

#include "relax_spectro/model.hpp"

namespace relax_spectro {

/// What is measured of a masked input's outputs.
enum class ScoreKind {
  cosine,  ///< of the masked and the unmasked input's embeddings: RELAX's similarity
};

/// @throws ConfigError  no such score; the message lists those there are.
[[nodiscard]] ScoreKind parse_score(std::string_view name);
[[nodiscard]] std::string_view to_string(ScoreKind kind);

/// A score, with the reference that it compares with.
class Score {
 public:
  /// @param reference  outputs of the unmasked input; its first row counts.
  /// @throws ConfigError  the model has no such output.
  Score(ScoreKind kind, const ModelOutputs& reference);

  /// One score for each row of a batch, in double. A cosine is <a, b> / max(|a| |b|, 1e-8).
  /// @throws ModelError  embeddings of another size than the reference's.
  [[nodiscard]] std::vector<double> operator()(const ModelOutputs& outputs) const;

 private:
  std::vector<double> reference_;
  double reference_norm_;
};

}  // namespace relax_spectro
