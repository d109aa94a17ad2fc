#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "relax_spectro/model/model.hpp"
#include "relax_spectro/saliency/explain.hpp"
#include "support/analytic_models.hpp"
#include "support/catch.hpp"
#include "support/signals.hpp"

namespace relax_spectro::test {

// The same as in tests/support/make_test_models.cpp.
inline constexpr Rectangle kRectangle{4, 8, 8, 14};
inline constexpr float kSilence = -2.0F;
inline constexpr std::size_t kBands = 16;
inline constexpr std::size_t kFrames = 20;
inline constexpr double kOneWindowS = (128.0 + 19.0 * 64.0) / 8000.0;

inline std::filesystem::path path_of(const std::string& name) {
  return std::filesystem::path(RELAX_SPECTRO_TEST_MODELS) / (name + ".pt");
}

/// Loads a model that make_test_models.cpp wrote.
inline std::unique_ptr<Model> load(const std::string& name, const ModelOptions& options = {}) {
  return load_model(path_of(name), options);
}

/// Windows that all differ.
inline std::vector<float> noise_windows(std::size_t count) {
  const Audio audio = noise(static_cast<double>(count * kBands * kFrames) / 8000, 8000);
  return {audio.samples.begin(), audio.samples.end()};
}

inline ExplainOptions few_masks() {
  ExplainOptions options;
  options.masks.count = 400;
  options.masks.seed = 7;
  options.masks.grid = {4, 4};
  options.masks.design = DesignKind::independent;
  options.estimator = Estimator::mask_sum;
  return options;
}

inline bool same_bytes(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// The message of the Exception that loading throws. The test fails if it throws nothing or another
/// one.
template <typename Exception>
std::string refusal_of_file(const std::filesystem::path& file, const ModelOptions& options = {}) {
  try {
    static_cast<void>(load_model(file, options));
  } catch (const Exception& error) {
    return error.what();
  } catch (const std::exception& error) {
    FAIL(file << " throws another exception: " << error.what());
  }
  FAIL(file << " is not refused");
  return {};
}

template <typename Exception>
std::string refusal(const std::string& name, const ModelOptions& options = {}) {
  return refusal_of_file<Exception>(path_of(name), options);
}

inline void check_says(const std::string& message, const std::vector<std::string_view>& parts) {
  for (const std::string_view part : parts) {
    INFO("message: " << message << "\nexpected in it: " << part);
    CHECK(message.find(part) != std::string::npos);
  }
  CHECK(message.find("Exception raised from") == std::string::npos);  // no backtrace of LibTorch
  CHECK(message.find("Traceback") == std::string::npos);
}

}  // namespace relax_spectro::test
