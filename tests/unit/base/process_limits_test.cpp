#include "base/process_limits.hpp"

#include <sched.h>

#include <fstream>
#include <string>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;

namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// A machine with 8 GiB free, and a process in the group /batch/job of two levels.
core::LimitFiles system_in(const std::filesystem::path& folder) {
  write(folder / "self", "12:cpu:/of/version/1\n0::/batch/job\n");
  write(folder / "meminfo", "MemTotal: 16777216 kB\nMemAvailable: 8388608 kB\n");
  write(folder / "groups/batch/job/cgroup.controllers", "cpu memory\n");
  return {folder / "self", folder / "groups", folder / "meminfo"};
}

}  // namespace

TEST_CASE("workers are the cores of the process's affinity, not those of the machine") {
  cpu_set_t before;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  cpu_set_t one;
  CPU_ZERO(&one);
  int core = 0;
  while (!CPU_ISSET(core, &before)) ++core;
  CPU_SET(core, &one);
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  const int cores = core::usable_cores({"/none", "/none", "/none"});
  REQUIRE(sched_setaffinity(0, sizeof before, &before) == 0);
  CHECK(cores == 1);
  CHECK(core::usable_cores({"/none", "/none", "/none"}) == CPU_COUNT(&before));
}

TEST_CASE("workers are at most the share of processor time of every group around the process") {
  const test::TemporaryFolder folder;
  const core::LimitFiles files = system_in(folder / "system");
  const int all = core::usable_cores({"/none", "/none", "/none"});
  CHECK(core::usable_cores(files) == all);
  write(files.groups / "batch/job/cpu.max", "max 100000\n");
  CHECK(core::usable_cores(files) == all);
  write(files.groups / "batch/cpu.max", "20000 100000\n");
  CHECK(core::usable_cores(files) == 1);
  write(files.groups / "batch/cpu.max", "150000 100000\n");
  CHECK(core::usable_cores(files) == std::min(2, all));
}

TEST_CASE("free memory is at most what every group around the process leaves") {
  constexpr std::size_t kGibibyte = std::size_t{1} << 30;
  const test::TemporaryFolder folder;
  const core::LimitFiles files = system_in(folder / "system");
  CHECK(core::available_memory_bytes(files) == 8 * kGibibyte);
  write(files.groups / "batch/memory.max", std::to_string(5 * kGibibyte));
  write(files.groups / "batch/memory.current", std::to_string(2 * kGibibyte));
  CHECK(core::available_memory_bytes(files) == 3 * kGibibyte);
  write(files.groups / "batch/job/memory.max", std::to_string(kGibibyte));
  write(files.groups / "batch/job/memory.current", std::to_string(2 * kGibibyte));
  CHECK(core::available_memory_bytes(files) == 0);
  write(files.groups / "batch/job/memory.max", "max\n");
  CHECK(core::available_memory_bytes(files) == 3 * kGibibyte);
  CHECK_FALSE(core::available_memory_bytes({"/none", "/none", "/none"}));
}
