#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/edits.hpp"
#include "cli/mask_choice.hpp"
#include "cli/options.hpp"
#include "relax_spectro/results/result.hpp"

namespace relax_spectro::cli {

/// How recordings are explained, as typed. All stages that explain have these options.
class ExplainChoice {
 public:
  void declare_masks(CommandLine& line);
  void declare_map(CommandLine& line);

  /// Replaces what a run is asked for by what was typed: its options, and the files of masks and
  /// reference. Reads the masks. The reference's embedding needs a model, and stays empty.
  /// @throws ConfigError, IoError
  void lay_over(Result& asked) const;

 private:
  MaskChoice masks_;
  Edits<ExplainOptions> typed_;
  std::optional<std::string> scores_;
  std::optional<std::size_t> repeat_;
  std::optional<std::string> repeat_threshold_;
  std::optional<std::filesystem::path> masks_file_;
  std::optional<std::filesystem::path> reference_;
};

}  // namespace relax_spectro::cli
