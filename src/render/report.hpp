#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/files/output_file.hpp"
#include "results/result_folder.hpp"

namespace relax_spectro {

/// Whether a file has the name of what a stage finds out, apart from maps: NAME.probe.json,
/// NAME.assess.json, NAME.interactions.json or NAME.space.json.
[[nodiscard]] bool is_finding(const std::filesystem::path& path);

/// How a report includes recordings.
enum class ReportAudio {
  embed,  ///< small files are inside the page, larger ones are linked
  link,   ///< the page links to the files, which must stay in place
  none,
};

/// @throws ConfigError  unknown name; the message lists the valid ones.
[[nodiscard]] ReportAudio parse_report_audio(std::string_view name);
[[nodiscard]] std::string_view to_string(ReportAudio audio);

struct ReportOptions {
  ReportAudio audio = ReportAudio::embed;
  double most_embedded_mib = 2.0;         ///< largest file that is embedded
  std::filesystem::path recordings = {};  ///< folder for RecordingSearch

  /// @throws ConfigError
  void validate() const;
};

/// The results of one recording: of several models, or for several scores.
struct ReportedRecording {
  std::string label = {};  ///< from the table of a batch; empty if unknown
  std::vector<NamedResult> results;
};

/// What happened when a result was added to the page.
struct ReportedResult {
  /// What could not be read, one line each. The page shows these too.
  std::vector<std::string> errors;
  std::vector<std::string> warnings;  ///< e.g. the recording no longer exists
};

/// An HTML page about results, built recording by recording. It is self-contained: its
/// Content-Security-Policy blocks network and file access. Only one result at a time is in memory,
/// plus an overview row for each. The same results give the same page.
class Report {
 public:
  /// @throws ConfigError  options out of range.
  /// @throws IoError      the page already exists and may not be overwritten.
  Report(std::filesystem::path page, const ReportOptions& options, Overwrite overwrite);
  ~Report();
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  /// Takes the labels of a batch into a folder from its tables, and lists the recordings that it
  /// did not finish. An unreadable table is listed with the reason, which is also returned.
  std::optional<std::string> add_batch(const std::filesystem::path& folder);

  /// Adds a section about a finding. An unreadable one is listed with the reason, which is also
  /// returned.
  /// @param json_path  such as NAME.probe.json. A figure NAME.probe.png beside it is shown.
  /// @pre is_finding(json_path)
  std::optional<std::string> add_finding(const std::filesystem::path& json_path);

  /// The results by recording: those of the same file (by its SHA-256), part and channel. Sorted
  /// by label, without one last, and else in the given order. An unreadable result is alone.
  [[nodiscard]] std::vector<ReportedRecording> by_recording(
      std::span<const NamedResult> results) const;

  /// Adds a recording's results, side by side, with the files beside each (NAME.npz, NAME.flip.*,
  /// NAME.sanity.json). An unreadable result is listed with the reason.
  /// @returns one for each result.
  /// @throws IoError  the page cannot be written.
  std::vector<ReportedResult> add(const ReportedRecording& recording);

  /// Writes the page and moves it to its place.
  /// @param title         of the page.
  /// @param command_line  that created the page.
  /// @throws IoError
  void finish(const std::string& title, const std::string& command_line);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace relax_spectro
