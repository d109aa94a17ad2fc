#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace relax_spectro {

/// How a batch is run.
struct BatchForm {
  std::size_t size = 0;  ///< windows
  bool fused = false;    ///< by Model::forward_fused

  friend auto operator<=>(const BatchForm&, const BatchForm&) = default;
};

/// The forms of the batches that windows are run in, one after the other. Convolutions of another
/// batch size may differ in their last digits, so the forms are part of how a result was made.
class BatchSchedule {
 public:
  static constexpr std::size_t kMostWindows = 65536;  ///< in one batch

  BatchSchedule() = default;
  /// The same size throughout, 1 to kMostWindows.
  /// @throws ConfigError
  explicit BatchSchedule(std::size_t batch_size) { append({batch_size, false}); }

  /// Reads "16" (16 throughout), or "16x64,8fx12,32": 64 batches of 16, 12 of 8 that are fused,
  /// then of 32.
  /// @throws ConfigError  not such a text.
  [[nodiscard]] static BatchSchedule parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;

  [[nodiscard]] bool empty() const { return runs_.empty(); }
  /// Whether all batches have one form.
  [[nodiscard]] bool is_constant() const { return runs_.size() == 1; }
  /// The form of batch number n; the last one goes on for ever. @pre not empty()
  [[nodiscard]] BatchForm form_of(std::size_t batch) const;

  /// One more batch.
  /// @throws ConfigError  the size is not 1 to kMostWindows.
  void append(BatchForm form);

  friend bool operator==(const BatchSchedule&, const BatchSchedule&) = default;

 private:
  struct Run {
    BatchForm form;
    std::size_t batches = 0;
    friend bool operator==(const Run&, const Run&) = default;
  };
  std::vector<Run> runs_;
};

}  // namespace relax_spectro
