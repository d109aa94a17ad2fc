#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/model/model.hpp"

namespace relax_spectro {

/// What is measured from a model's outputs for a masked input.
enum class ScoreKind {
  cosine,       ///< cosine of the embedding with the reference's: RELAX's similarity
  dot,          ///< dot product of the two embeddings
  l2,           ///< minus the Euclidean distance of the two embeddings
  logit,        ///< the score of one class, as the network returns it
  probability,  ///< the probability of one class, from the card's activation
};

struct ScoreSpec {
  ScoreKind kind = ScoreKind::cosine;
  /// For logit and probability: a label (in any case), an index, or `top`, the class with the
  /// highest score for the unmasked input.
  std::string class_name;
  std::optional<std::size_t> class_index{};  ///< overrides class_name

  [[nodiscard]] bool is_of_top_class() const { return class_name == "top"; }

  /// Whether the score compares embeddings. Only then can another recording be the reference.
  [[nodiscard]] bool compares_embeddings() const {
    return kind == ScoreKind::cosine || kind == ScoreKind::dot || kind == ScoreKind::l2;
  }
};

/// Reads `cosine`, `dot`, `l2`, `logit:CLASS`, `prob:CLASS`, or `top` as an alias of `logit:top`.
/// @throws ConfigError  unknown score (the message lists the valid ones), or missing class.
[[nodiscard]] ScoreSpec parse_score(std::string_view text);
[[nodiscard]] std::string to_string(const ScoreSpec& spec);

/// The index of a class, given its label or index.
/// @throws ConfigError  unknown class; the message lists the nearest labels.
[[nodiscard]] std::size_t find_class(const std::string& name, const ModelCard& card,
                                     std::size_t class_count);

/// A score with its reference.
class Score {
 public:
  /// @param reference  outputs of the unmasked input, or of another recording. Only the first row
  ///                   is used.
  /// @throws ConfigError  the model has no such output or class.
  Score(const ScoreSpec& spec, const ModelCard& card, const ModelOutputs& reference);

  /// One score for each row of a batch, in double. A cosine is <a, b> / max(|a| |b|, 1e-8).
  /// @throws ModelError  the outputs differ in size from the reference.
  [[nodiscard]] std::vector<double> operator()(const ModelOutputs& outputs) const;

  /// The measured class; nothing if embeddings are compared.
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
