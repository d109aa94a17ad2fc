#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "model/architecture.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro::core {

/// The function that a backend library exports as kLoadModelSymbol. It loads a file with its card,
/// or throws the errors of load_model. The caller owns the model.
using LoadModelFunction = Model*(const std::filesystem::path& model_path, const ModelCard& card,
                                 const ModelOptions& options);
inline constexpr const char* kLoadModelSymbol = "relax_spectro_load_model";

/// Loads a model with the LibTorch backend. The backend itself is loaded on first use, so that
/// programs without a model do not pay for LibTorch.
[[nodiscard]] std::unique_ptr<Model> load_with_backend(const std::filesystem::path& model_path,
                                                       const ModelCard& card,
                                                       const ModelOptions& options);

/// The function that a backend library exports as kWriteModelSymbol. It writes a network and its
/// card to a file that LoadModelFunction can read, or throws an Error.
using WriteModelFunction = void(const NetworkSource& network, const std::string& card_json,
                                const std::filesystem::path& path);
inline constexpr const char* kWriteModelSymbol = "relax_spectro_write_model";

/// Writes a network as TorchScript. @throws ModelError, IoError
void write_with_backend(const NetworkSource& network, const std::string& card_json,
                        const std::filesystem::path& path);

}  // namespace relax_spectro::core
