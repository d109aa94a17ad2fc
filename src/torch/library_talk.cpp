#include "library_talk.hpp"

#include <c10/util/Logging.h>
#include <torch/csrc/jit/runtime/print_handler.h>

#include <algorithm>
#include <cstdlib>

namespace relax_spectro::torch_backend {

void quieten_library() {
  static const bool kDone = [] {
  // The log receives all other warnings, and messages of NNPACK and similar libraries.
#ifdef C10_USE_GLOG
    FLAGS_minloglevel = google::GLOG_FATAL;
#else
    if (std::getenv("TORCH_CPP_LOG_LEVEL") == nullptr) FLAGS_caffe2_log_level = c10::GLOG_FATAL;
#endif
    setenv("ONEDNN_VERBOSE", "none", 0);  // NOLINT(concurrency-mt-unsafe): before any thread
    torch::jit::setPrintHandler([](const std::string&) {});
    return true;
  }();
  static_cast<void>(kDone);
}

void TakenWarnings::process(const c10::Warning& warning) {
  std::string text = warning.msg();
  text.erase(std::min(text.find('\n'), text.size()));
  text.erase(std::min(text.find(". "), text.size()));
  take_("LibTorch warns: " + text);
}

}  // namespace relax_spectro::torch_backend
