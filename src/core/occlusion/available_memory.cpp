#include "occlusion/available_memory.hpp"

#include <algorithm>
#include <fstream>
#include <string>

namespace relax_spectro::core {
namespace {

std::optional<std::size_t> number_in(const char* path) {
  std::ifstream file(path);
  std::size_t number = 0;
  if (file >> number) return number;  // "max" is no number: no limit
  return std::nullopt;
}

std::optional<std::size_t> available_on_the_machine() {
  std::ifstream file("/proc/meminfo");
  std::string field;
  std::size_t kibibytes = 0;
  for (std::string rest; file >> field >> kibibytes; std::getline(file, rest)) {
    if (field == "MemAvailable:") return kibibytes * 1024;
  }
  return std::nullopt;
}

/// What a control group (version 2), as of a container, leaves.
std::optional<std::size_t> available_in_the_group() {
  const auto limit = number_in("/sys/fs/cgroup/memory.max");
  const auto used = number_in("/sys/fs/cgroup/memory.current");
  if (!limit || !used) return std::nullopt;
  return *limit - std::min(*limit, *used);
}

}  // namespace

std::optional<std::size_t> available_memory_bytes() {
  const auto machine = available_on_the_machine();
  const auto group = available_in_the_group();
  if (machine && group) return std::min(*machine, *group);
  return machine ? machine : group;
}

}  // namespace relax_spectro::core
