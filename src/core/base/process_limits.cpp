#include "base/process_limits.hpp"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace relax_spectro::core {
namespace {

std::optional<std::size_t> number_in(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::size_t number = 0;
  if (file >> number) return number;  // "max" is not a number: no limit
  return std::nullopt;
}

/// The folders of this process's control group and of all enclosing groups. In a container its own
/// group is the outermost visible one.
std::vector<std::filesystem::path> control_groups(const LimitFiles& files) {
  std::vector<std::filesystem::path> folders{files.groups};
  std::ifstream own(files.own_group);
  for (std::string line; std::getline(own, line);) {
    if (!line.starts_with("0::/")) continue;  // the other lines are for version 1
    std::filesystem::path folder = files.groups;
    for (const auto& part : std::filesystem::path(line.substr(4))) {
      if (!part.empty()) folders.push_back(folder /= part);
    }
  }
  return folders;
}

/// The lowest limit of all groups.
template <typename Limit>
std::optional<Limit> least_of_groups(
    const LimitFiles& files,
    const std::function<std::optional<Limit>(const std::filesystem::path&)>& limit_of) {
  std::optional<Limit> least;
  for (const std::filesystem::path& folder : control_groups(files)) {
    const std::optional<Limit> limit = limit_of(folder);
    if (limit && (!least || *limit < *least)) least = limit;
  }
  return least;
}

std::optional<std::size_t> available_on_the_machine(const LimitFiles& files) {
  std::ifstream file(files.memory);
  std::string field;
  std::size_t kibibytes = 0;
  for (std::string rest; file >> field >> kibibytes; std::getline(file, rest)) {
    if (field == "MemAvailable:") return kibibytes * 1024;
  }
  return std::nullopt;
}

std::optional<std::size_t> memory_left_in(const std::filesystem::path& group) {
  const auto limit = number_in(group / "memory.max");
  const auto used = number_in(group / "memory.current");
  if (!limit || !used) return std::nullopt;
  return *limit - std::min(*limit, *used);
}

/// "150000 100000": microseconds of processor time in each period of that many microseconds.
std::optional<double> cores_of(const std::filesystem::path& group) {
  std::ifstream file(group / "cpu.max");
  double time = 0.0;
  double period = 0.0;
  if (file >> time >> period && time > 0.0 && period > 0.0) return time / period;
  return std::nullopt;
}

int cores_by_affinity() {
  // The kernel refuses a set with room for fewer processors than the machine has.
  constexpr int kMostPlaces = 1 << 20;
  for (int places = 1024; places <= kMostPlaces; places *= 2) {
    const std::unique_ptr<cpu_set_t, void (*)(cpu_set_t*)> set(
        CPU_ALLOC(static_cast<std::size_t>(places)), [](cpu_set_t* s) { CPU_FREE(s); });
    const std::size_t bytes = CPU_ALLOC_SIZE(static_cast<std::size_t>(places));
    if (set && sched_getaffinity(0, bytes, set.get()) == 0) return CPU_COUNT_S(bytes, set.get());
    if (errno != EINVAL) break;
  }
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

std::optional<std::size_t> available_memory_bytes(const LimitFiles& files) {
  const auto machine = available_on_the_machine(files);
  const auto groups = least_of_groups<std::size_t>(files, memory_left_in);
  if (machine && groups) return std::min(*machine, *groups);
  return machine ? machine : groups;
}

int usable_cores(const LimitFiles& files) {
  const int cores = std::max(1, cores_by_affinity());
  const auto share = least_of_groups<double>(files, cores_of);
  return share && *share < cores ? static_cast<int>(std::ceil(*share)) : cores;
}

}  // namespace relax_spectro::core
