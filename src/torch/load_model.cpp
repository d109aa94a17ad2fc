#include <fmt/format.h>

#include <memory>

#include "compiled_package.hpp"
#include "library_talk.hpp"
#include "model/backend.hpp"
#include "model/model_format.hpp"
#include "relax_spectro/base/error.hpp"
#include "torch_errors.hpp"
#include "torchscript_model.hpp"

// Exported from this library: see LoadModelFunction.
extern "C" __attribute__((visibility("default"))) relax_spectro::Model* relax_spectro_load_model(
    const std::filesystem::path& model_path, const relax_spectro::ModelCard& card,
    const relax_spectro::ModelOptions& options) {
  using namespace relax_spectro;
  using namespace relax_spectro::torch_backend;
  quieten_library();
  try {
    const bool is_package =
        core::model_format_of(model_path) == core::ModelFormat::compiled_package;
    return (is_package ? load_compiled_package(model_path, card, options)
                       : load_torchscript(model_path, card, options))
        .release();
  } catch (const relax_spectro::Error&) {
    throw;
  } catch (const std::exception& error) {
    throw relax_spectro::ModelError(
        fmt::format("{}: cannot be loaded: {}", model_path.string(), failure_of(error).cause));
  }
}
