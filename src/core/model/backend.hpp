#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "model/architecture.hpp"
#include "relax_spectro/model/model.hpp"

namespace relax_spectro::core {

/// What a backend library exports under kLoadModelSymbol: loads a file as its card says, or throws
/// the errors of load_model. The caller owns the model.
using LoadModelFunction = Model*(const std::filesystem::path& model_path, const ModelCard& card,
                                 const ModelOptions& options);
inline constexpr const char* kLoadModelSymbol = "relax_spectro_load_model";

/// Loads a model with the LibTorch backend, which is itself loaded on first use: no program that
/// does not need a model pays for LibTorch.
[[nodiscard]] std::unique_ptr<Model> load_with_backend(const std::filesystem::path& model_path,
                                                       const ModelCard& card,
                                                       const ModelOptions& options);

/// What a backend library exports under kWriteModelSymbol: writes a network with its card as a file
/// that LoadModelFunction reads, or throws an Error.
using WriteModelFunction = void(const NetworkSource& network, const std::string& card_json,
                                const std::filesystem::path& path);
inline constexpr const char* kWriteModelSymbol = "relax_spectro_write_model";

/// Writes a network as TorchScript. @throws ModelError, IoError
void write_with_backend(const NetworkSource& network, const std::string& card_json,
                        const std::filesystem::path& path);

}  // namespace relax_spectro::core
