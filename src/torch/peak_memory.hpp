#pragma once

#include <c10/core/Allocator.h>
#include <c10/util/ThreadLocalDebugInfo.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace relax_spectro::torch_backend {

/// Measures the peak of CPU tensor memory that the calling thread allocates while this object
/// lives.
class PeakMemory {
 public:
  [[nodiscard]] std::size_t peak_bytes() const {
    return static_cast<std::size_t>(std::max<std::int64_t>(0, counter_->peak_bytes));
  }

 private:
  struct Counter final : c10::MemoryReportingInfoBase {
    std::int64_t bytes = 0;
    std::int64_t peak_bytes = 0;

    void reportMemoryUsage(void* /*block*/, std::int64_t size, std::size_t /*allocated*/,
                           std::size_t /*reserved*/, c10::Device device) override {
      if (!device.is_cpu()) return;
      bytes += size;  // negative when memory is freed
      peak_bytes = std::max(peak_bytes, bytes);
    }
    [[nodiscard]] bool memoryProfilingEnabled() const override { return true; }
  };

  std::shared_ptr<Counter> counter_ = std::make_shared<Counter>();
  c10::DebugInfoGuard guard_{c10::DebugInfoKind::PROFILER_STATE, counter_};
};

}  // namespace relax_spectro::torch_backend
