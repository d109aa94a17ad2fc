#pragma once

#include <filesystem>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relax_spectro/files/output_file.hpp"
#include "relax_spectro/model/model_card.hpp"
#include "relax_spectro/results/provenance.hpp"
#include "relax_spectro/saliency/explain.hpp"

namespace relax_spectro {

/// The explanation of a recording, with its options and its origin.
struct Result {
  Provenance provenance;
  ModelCard card;  ///< of the model
  ExplainOptions options;
  Explanation explanation;
};

/// The number of windows whose map is not above its noise.
[[nodiscard]] std::size_t unresolved_windows(const Explanation& explanation);

/// The number of evaluated masks, over all windows and all sizes of a sweep.
[[nodiscard]] std::size_t masks_evaluated(const Explanation& explanation);

/// Degrees of freedom of the standard errors: the lowest of all windows. 0: nothing was random, or
/// there were too few masks.
[[nodiscard]] std::size_t degrees_of_freedom(const Explanation& explanation);

/// Rounds the maps to what their noise allows, so that their file is small. In each frame, the step
/// of importance and contrast is at most an eighth of the median standard error. Standard error and
/// uncertainty keep 7 bits, the spectrogram 11. Maps without standard errors keep float32.
void round_maps(Explanation& explanation);

/// Writes `<stem>.npz` and `<stem>.json` (data/FORMAT.md). Maps are stored as float32: call
/// round_maps() first.
/// @param stem    folder and file name without an ending.
/// @param figure  of the result, already written; moved to its place with the other files.
/// @throws IoError  a file already exists and may not be overwritten, or cannot be written. No file
///                  is then left half-written.
void write_result(const std::filesystem::path& stem, const Result& result, Overwrite overwrite,
                  OutputFile* figure = nullptr);

/// Whether a JSON file is a result of explain. @throws IoError  not JSON.
[[nodiscard]] bool is_result(const std::filesystem::path& json_path);

/// Reads a result except its arrays. Options that are files (masks, a reference) stay empty; the
/// provenance names these files. Fields added by a later version of the tool with the same format
/// are ignored.
/// @throws IoError  the file is not the JSON of a result, or has another format version. Or a field
///                  is missing, has another type or is out of range. The message has the file and
///                  the field.
[[nodiscard]] Result read_result(const std::filesystem::path& json_path);

/// Reads the axes and the named arrays of a result into its explanation.
/// @param names  from data/FORMAT.md: importance, contrast, uncertainty, standard_error, u_relax,
///               spectrogram, scores, repeat (both maps, if present) or sizes.
/// @throws IoError  as read_npz; or an array is missing, or does not fit the axes or windows.
void read_arrays(const std::filesystem::path& json_path,
                 std::initializer_list<std::string_view> names, Explanation& explanation);

/// Reads any array of a result over its axes: [frequency, time].
/// @throws IoError  as read_arrays
[[nodiscard]] Array2d<double> read_map(const std::filesystem::path& json_path,
                                       const std::string& name);

/// What differences() ignores.
enum class Ignored {
  seed,     ///< of the masks
  model,    ///< the model, its probe, its card and its precision
  outcome,  ///< the outcome for each window
  beside,   ///< what does not affect the map: REPEAT's maps, and the hop, which follows from the
            ///< windows
};

/// The differences in what was asked for two results: "options.masks.seed is 1, now 0". It ignores
/// the paths of files, the program's version, and how the model was run (device, optimisation,
/// batches, workers, threads). The latter changes only the last digits.
[[nodiscard]] std::vector<std::string> differences(const Result& before, const Result& now,
                                                   std::initializer_list<Ignored> ignored = {});

/// Options as JSON text, and back. Masks and references that are files are left out.
[[nodiscard]] std::string to_json(const ExplainOptions& options);
/// @throws ConfigError  the text is not valid; `origin` names it.
[[nodiscard]] ExplainOptions parse_explain_options(std::string_view json_text,
                                                   std::string_view origin);

/// The class that a window's score measures: "rooster", "class 8" without labels, or "rooster - dog"
/// for a difference. Nothing if the score compares embeddings.
[[nodiscard]] std::optional<std::string> measured_class(const ModelCard& card,
                                                        const WindowSummary& window);

/// What the model heard in a recording: the three classes with the largest probability in any
/// window, best first. Fewer, or none, if the model has no more.
[[nodiscard]] std::vector<HeardClass> heard_in_recording(const Explanation& explanation);

/// The same in words: "heard dog bark 0.93, rain 0.04". Empty if the model has no classes.
[[nodiscard]] std::string heard_text(const Explanation& explanation);

/// Describes the classes of several results' maps, one text for each result. It lists each best
/// class of any window, with its largest probability. Nothing if the classes are the same in all
/// results, or if a map is not for best classes.
[[nodiscard]] std::vector<std::string> differing_classes(std::span<const Result> results);

}  // namespace relax_spectro
