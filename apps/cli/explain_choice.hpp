#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/options.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/results/result_reader.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro::cli {

/// How recordings are explained, as typed: what every stage that explains takes.
class ExplainChoice {
 public:
  void declare_masks(CommandLine& line);
  void declare_map(CommandLine& line);

  /// What was chosen, read and checked; all but the reference's embedding, which takes a model.
  /// @throws ConfigError, IoError
  [[nodiscard]] ExplainOptions read() const;

  [[nodiscard]] std::optional<SourceFile> masks_file() const;
  [[nodiscard]] const std::optional<std::filesystem::path>& reference() const { return reference_; }

 private:
  ExplainOptions options_;
  MaskChoice masks_;
  std::string fill_{to_string(options_.fill)};
  std::string score_{to_string(options_.score)};
  std::optional<std::string> estimator_;
  std::string uncertainty_{to_string(options_.uncertainty)};
  std::optional<std::size_t> repeat_;
  std::string repeat_threshold_{to_string(ThresholdKind::mean)};
  std::optional<std::filesystem::path> masks_file_;
  std::optional<std::filesystem::path> reference_;
};

/// The options that a result was explained with, all but the reference's embedding.
/// @throws as ExplainChoice::read
[[nodiscard]] ExplainOptions recorded_explain_options(const RecordedRun& run);

}  // namespace relax_spectro::cli
