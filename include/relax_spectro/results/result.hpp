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

/// What came of explaining a recording: what was asked, of what, and the answer.
struct Result {
  Provenance provenance;
  ModelCard card;  ///< the model's
  ExplainOptions options;
  Explanation explanation;
};

/// Windows whose map is not above its noise.
[[nodiscard]] std::size_t unresolved_windows(const Explanation& explanation);

/// Masks that were evaluated, over all windows, and all sizes of a sweep.
[[nodiscard]] std::size_t masks_evaluated(const Explanation& explanation);

/// Of the standard errors: the least of the recording's windows. 0: nothing was random, or there
/// were too few masks to tell.
[[nodiscard]] std::size_t degrees_of_freedom(const Explanation& explanation);

/// Writes `<stem>.npz` and `<stem>.json`, as data/FORMAT.md says.
/// @param stem    folder and file name without an ending.
/// @param figure  of the result, written already, which takes its place together with the rest.
/// @throws IoError  a file is there already and may not be overwritten, or cannot be written; then
///                  neither is left half-written.
void write_result(const std::filesystem::path& stem, const Result& result, Overwrite overwrite,
                  OutputFile* figure = nullptr);

/// Whether the JSON that is named calls itself a result of explain. @throws IoError  not JSON.
[[nodiscard]] bool is_result(const std::filesystem::path& json_path);

/// Reads all of a result but its arrays. Of the options those that are files (masks, a reference)
/// stay empty: the provenance names the files. Fields that a later tool of the same format adds
/// are passed over.
/// @throws IoError  not the JSON of a result, or of another format version; or a field is missing,
///                  of another type or outside its range. The message names the file and the field.
[[nodiscard]] Result read_result(const std::filesystem::path& json_path);

/// Reads the axes of a result, and those of its arrays that are named, into its explanation.
/// @param names  as data/FORMAT.md has them: importance, contrast, uncertainty, standard_error,
///               u_relax, spectrogram, repeat (both maps, where there are any) or sizes.
/// @throws IoError  as read_npz; or an array is missing, or does not fit the axes or the windows.
void read_arrays(const std::filesystem::path& json_path,
                 std::initializer_list<std::string_view> names, Explanation& explanation);

/// Reads any array of a result that lies over its axes: [frequency, time].
/// @throws IoError  as read_arrays
[[nodiscard]] Array2d<double> read_map(const std::filesystem::path& json_path,
                                       const std::string& name);

/// What differences() passes over.
enum class Ignored {
  seed,     ///< of the masks
  model,    ///< the model, its card and its precision
  outcome,  ///< what came out: the windows
  beside,   ///< what makes no difference to the map: REPEAT's maps; the hop, which windows tell
};

/// In what two results differ that was asked, or that it was asked of: "options.masks.seed is 1,
/// now 0". Where files lie, which program wrote the result, and how it was run (device,
/// optimisation, batches, workers, threads), which moves the last digits at most, does not count.
[[nodiscard]] std::vector<std::string> differences(const Result& before, const Result& now,
                                                   std::initializer_list<Ignored> ignored = {});

/// Options as JSON text, and back. Of masks and references that are files nothing is said.
[[nodiscard]] std::string to_json(const ExplainOptions& options);
/// @throws ConfigError  not such a text; `origin` names it.
[[nodiscard]] ExplainOptions parse_explain_options(std::string_view json_text,
                                                   std::string_view origin);

/// The classes that the maps of several results are of, in words, a text for each result. Of one
/// result each best class of a window counts, with its largest probability. Nothing where the
/// classes are the same in all, or where a map is not of best classes.
[[nodiscard]] std::vector<std::string> differing_classes(std::span<const Result> results);

}  // namespace relax_spectro
