#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/files/output_file.hpp"
#include "results/result_folder.hpp"

namespace relax_spectro {

/// How a report plays the recordings.
enum class ReportAudio {
  embed,  ///< those that are small lie in the page, larger ones are linked
  link,   ///< the page names the files, which have to stay where they are
  none,
};

/// @throws ConfigError  no such name; the message lists those there are.
[[nodiscard]] ReportAudio parse_report_audio(std::string_view name);
[[nodiscard]] std::string_view to_string(ReportAudio audio);

struct ReportOptions {
  ReportAudio audio = ReportAudio::embed;
  double most_embedded_mib = 2.0;         ///< size of a recording's file up to which it is embedded
  std::filesystem::path recordings = {};  ///< the folder of a RecordingSearch

  /// @throws ConfigError
  void validate() const;
};

/// What there is to say of a result that was put on a page.
struct ReportedResult {
  /// What of it could not be read, a line each; it stands on the page, too.
  std::vector<std::string> errors;
  std::vector<std::string> warnings;  ///< such as a recording that is no longer there
};

/// A page (HTML) about results, in the making: one file that needs no other and no network. The
/// page forbids itself both (Content-Security-Policy). It holds one recording at a time in memory,
/// and a line of the overview for each; the same results give the same page.
class Report {
 public:
  /// @throws ConfigError  options out of range.
  /// @throws IoError      the page is there already and may not be overwritten.
  Report(std::filesystem::path page, const ReportOptions& options, Overwrite overwrite);
  ~Report();
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  /// Adds a result with what lies beside it (NAME.npz, NAME.flip.*, NAME.sanity.json). One that
  /// cannot be read is listed with the reason.
  /// @throws IoError  the page cannot be written.
  ReportedResult add(const NamedResult& result);

  /// Lists the recordings that a batch into a folder did not finish. A table of it that cannot be
  /// read is listed with the reason, which is returned.
  std::optional<std::string> add_batch(const std::filesystem::path& folder);

  /// Writes the page and moves it to its place.
  /// @param title         what it is of.
  /// @param command_line  that made it.
  /// @throws IoError
  void finish(const std::string& title, const std::string& command_line);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro
