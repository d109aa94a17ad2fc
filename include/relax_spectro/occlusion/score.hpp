#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

/// What is measured of a masked input's outputs.
enum class ScoreKind {
  cosine,       ///< of its embedding and the reference's: RELAX's similarity
  dot,          ///< the product of the two embeddings
  l2,           ///< minus the distance of the two embeddings
  logit,        ///< one class's score, as the network gives it
  probability,  ///< one class's probability, by the card's activation
};

struct ScoreSpec {
  ScoreKind kind = ScoreKind::cosine;
  /// Of logit and probability: a label (in any case), an index, or `top`: the class that the
  /// unmasked input scores highest.
  std::string class_name;
  std::optional<std::size_t> class_index{};  ///< the class, whatever its name; without it the name

  [[nodiscard]] bool is_of_top_class() const { return class_name == "top"; }

  /// Whether the score compares embeddings, so that another recording may be the reference.
  [[nodiscard]] bool compares_embeddings() const {
    return kind == ScoreKind::cosine || kind == ScoreKind::dot || kind == ScoreKind::l2;
  }
};

/// Reads `cosine`, `dot`, `l2`, `logit:CLASS`, `prob:CLASS`, or `top` for `logit:top`.
/// @throws ConfigError  no such score (the message lists those there are), or the class is missing.
[[nodiscard]] ScoreSpec parse_score(std::string_view text);
[[nodiscard]] std::string to_string(const ScoreSpec& spec);

/// The index of a class that is named by label or index.
/// @throws ConfigError  there is no such class; the message lists the nearest labels.
[[nodiscard]] std::size_t find_class(const std::string& name, const ModelCard& card,
                                     std::size_t class_count);

/// A score, with the reference that it compares with.
class Score {
 public:
  /// @param reference  outputs of the unmasked input, or of another recording; the first row
  /// counts.
  /// @throws ConfigError  the model has no such output or class.
  Score(const ScoreSpec& spec, const ModelCard& card, const ModelOutputs& reference);

  /// One score for each row of a batch, in double. A cosine is <a, b> / max(|a| |b|, 1e-8).
  /// @throws ModelError  outputs of another size than the reference's.
  [[nodiscard]] std::vector<double> operator()(const ModelOutputs& outputs) const;

  /// The class that is measured; nothing where embeddings are compared.
  [[nodiscard]] std::optional<std::size_t> class_index() const { return class_index_; }

 private:
  [[nodiscard]] double compare(std::span<const float> embedding) const;
  [[nodiscard]] double class_value(std::span<const float> class_scores) const;

  ScoreKind kind_;
  Activation activation_;
  std::vector<double> reference_;  // the embedding, or the class scores for their size
  double reference_norm_ = 0.0;
  std::optional<std::size_t> class_index_;
};

}  // namespace relax_spectro
