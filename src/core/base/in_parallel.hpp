#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <system_error>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/process_limits.hpp"

namespace relax_spectro::core {

/// Calls `work` with 0, 1, ..., count - 1 on all usable cores, each once. The results are in this
/// order, so that sums over them do not depend on timing.
/// @param work  called from several threads. Its result has a default constructor.
/// @param done  receives the number of calls that have ended, by one thread at a time.
/// @throws  what `work` throws; of several errors the one with the lowest number.
template <typename Work>
[[nodiscard]] auto in_parallel(std::size_t count, const Work& work,
                               const std::function<void(std::size_t done)>& done = {}) {
  std::vector<std::invoke_result_t<const Work&, std::size_t>> results(count);
  std::mutex mutex;  // protects what follows
  std::size_t next = 0;
  std::size_t ended = 0;
  std::size_t failed = count;
  std::exception_ptr failure;
  const auto run = [&] {
    for (;;) {
      std::size_t i = 0;
      {
        const std::lock_guard lock(mutex);
        if (next >= count || failure) return;
        i = next++;
      }
      try {
        auto result = work(i);
        const std::lock_guard lock(mutex);
        results[i] = std::move(result);
        if (done) done(++ended);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (i < failed) failure = std::current_exception();
        failed = std::min(failed, i);
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    const std::size_t threads = std::min(count, static_cast<std::size_t>(usable_cores()));
    try {
      while (helpers.size() + 1 < threads) helpers.emplace_back(run);
    } catch (const std::system_error&) {  // a limit on processes: the threads that exist go on
    }
    run();
  }
  if (failure) std::rethrow_exception(failure);
  return results;
}

}  // namespace relax_spectro::core
