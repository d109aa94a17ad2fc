#pragma once

#include <cstddef>
#include <optional>

namespace relax_spectro::core {

/// Memory that this process may still take before the machine, or the control group that it runs
/// in, is short of it; nothing where the system does not say.
[[nodiscard]] std::optional<std::size_t> available_memory_bytes();

}  // namespace relax_spectro::core
