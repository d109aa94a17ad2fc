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
  /// For logit and probability: a label (in any case) or one of the names in it, an index, or
  /// `top`, the class with the highest score for the unmasked input. `A-B` is the difference of two classes. `all` stands for
  /// one score for each class, and `label` for the recording's own label.
  std::string class_name;
  std::optional<std::size_t> class_index{};  ///< overrides class_name, or the first of a difference

  friend bool operator==(const ScoreSpec&, const ScoreSpec&) = default;

  [[nodiscard]] bool is_of_top_class() const { return class_name == "top"; }
  [[nodiscard]] bool is_of_all_classes() const { return class_name == "all"; }
  [[nodiscard]] bool is_of_own_label() const { return class_name == "label"; }

  /// Whether the score compares embeddings. Only then can another recording be the reference.
  [[nodiscard]] bool compares_embeddings() const {
    return kind == ScoreKind::cosine || kind == ScoreKind::dot || kind == ScoreKind::l2;
  }
};

/// Reads `cosine`, `dot`, `l2`, `logit:CLASS` or `prob:CLASS`. Any other text is a class, so `top`
/// is `logit:top`.
/// @throws ConfigError  unknown score before a colon (the message lists the valid ones), or missing
///                      class.
[[nodiscard]] ScoreSpec parse_score(std::string_view text);
[[nodiscard]] std::string to_string(const ScoreSpec& spec);

/// A short name for files and tables: the class of a logit, else to_string().
[[nodiscard]] std::string short_name(const ScoreSpec& spec);

/// Reads scores between commas. A comma before a space belongs to a label: "Vehicle horn, car horn".
/// @throws ConfigError  as parse_score; or a score is empty or listed twice.
[[nodiscard]] std::vector<ScoreSpec> parse_scores(std::string_view text);

/// The scores of a recording with this label, which takes the place of `label`. Each score appears
/// once.
/// @param label  empty: unknown. Then `label` stays.
[[nodiscard]] std::vector<ScoreSpec> scores_of_label(std::span<const ScoreSpec> scores,
                                                     const std::string& label);

/// Refuses a label that `label` cannot stand for. A label from a table is the name of one class: no
/// index, and no difference of two.
/// @param label  empty: unknown, which is refused when the score is made.
/// @throws ConfigError  `label` is among the scores, and no class has this label; the message lists
///                      the nearest.
void require_label(std::span<const ScoreSpec> scores, const std::string& label,
                   const ModelCard& card);

/// The scores, with one for each class in the place of `all`. Each score appears once. `label` stays.
/// @throws ConfigError  `all` is asked for, and the model's card has no labels. Or it has labels, and
///                      a class is none of them.
[[nodiscard]] std::vector<ScoreSpec> expanded_scores(std::span<const ScoreSpec> scores,
                                                     const ModelCard& card);

/// The classes that a score measures.
struct MeasuredClasses {
  std::size_t index = 0;
  std::optional<std::size_t> minus;  ///< the other class of a difference
};

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

  /// The measured classes; nothing if embeddings are compared.
  [[nodiscard]] const std::optional<MeasuredClasses>& classes() const { return classes_; }

 private:
  [[nodiscard]] double compare(std::span<const float> embedding) const;
  [[nodiscard]] double class_value(std::span<const float> class_scores) const;

  ScoreKind kind_;
  Activation activation_;
  double temperature_;
  std::vector<double> reference_;  // the embedding, or the class scores for their size
  double reference_norm_ = 0.0;
  std::optional<MeasuredClasses> classes_;
};

}  // namespace relax_spectro
