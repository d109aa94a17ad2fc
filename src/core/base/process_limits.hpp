#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace relax_spectro::core {

/// Where Linux describes what a process may use.
struct LimitFiles {
  std::filesystem::path own_group = "/proc/self/cgroup";
  std::filesystem::path groups = "/sys/fs/cgroup";
  std::filesystem::path memory = "/proc/meminfo";
};

/// Bytes that this process may still allocate. This is the lowest of the machine's available memory
/// and of what each control group (version 2) has left. Nothing if the system does not report it.
[[nodiscard]] std::optional<std::size_t> available_memory_bytes(const LimitFiles& files = {});

/// The number of cores that this process may use, at least one. It counts the process's affinity as
/// nproc does. The processor share of its control groups (version 2), rounded up, may lower it.
[[nodiscard]] int usable_cores(const LimitFiles& files = {});

}  // namespace relax_spectro::core
