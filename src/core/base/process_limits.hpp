#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace relax_spectro::core {

/// Where Linux says what a process may use.
struct LimitFiles {
  std::filesystem::path own_group = "/proc/self/cgroup";
  std::filesystem::path groups = "/sys/fs/cgroup";
  std::filesystem::path memory = "/proc/meminfo";
};

/// Bytes that this process may still take: what the machine has available, and each control group
/// (version 2) that it runs in leaves. Nothing where the system does not say.
[[nodiscard]] std::optional<std::size_t> available_memory_bytes(const LimitFiles& files = {});

/// Cores that this process may use, at least one: its affinity, as nproc counts it, and at most the
/// share of processor time that its control groups (version 2) have, rounded up.
[[nodiscard]] int usable_cores(const LimitFiles& files = {});

}  // namespace relax_spectro::core
