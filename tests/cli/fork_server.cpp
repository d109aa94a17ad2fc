// For tests: preloaded into a stage's program, this makes it run requests in forks of itself. So
// LibTorch is loaded once, not for every run, where it takes longer than most of the work. A
// request (cli_test_case.py) arrives over the socket that replaces stdin. It has the working
// folder, the arguments, and the files for stdout and stderr. The answer is the status from
// waitpid.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using Main = int (*)(int, char**, char**);
Main program_main = nullptr;

constexpr int kSocket = STDIN_FILENO;

struct Request {
  std::vector<std::string> words;  ///< the folder, the stage, its arguments
  std::array<int, 2> files{};      ///< for stdout and stderr
};

/// Nothing when the tests have finished.
std::optional<Request> next_request() {
  static std::array<char, 1 << 16> text;
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Request::files))> control{};
  iovec part{text.data(), text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = recvmsg(kSocket, &message, MSG_CMSG_CLOEXEC);
  if (size <= 0) return {};
  Request request;
  for (ssize_t i = 0; i < size; i += static_cast<ssize_t>(request.words.back().size()) + 1) {
    request.words.emplace_back(text.data() + i);
  }
  std::memcpy(request.files.data(), CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(request.files));
  return request;
}

[[noreturn]] void run(Request request) {
  const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (dup2(nothing, STDIN_FILENO) < 0 || dup2(request.files[0], STDOUT_FILENO) < 0 ||
      dup2(request.files[1], STDERR_FILENO) < 0 || chdir(request.words[0].c_str()) != 0) {
    std::perror("fork_server");
    std::_Exit(EXIT_FAILURE);
  }
  std::vector<char*> arguments;
  for (std::size_t i = 1; i < request.words.size(); ++i) {
    arguments.push_back(request.words[i].data());
  }
  arguments.push_back(nullptr);
  std::exit(program_main(static_cast<int>(arguments.size()) - 1, arguments.data(), environ));
}

int serve(int /*argc*/, char** /*argv*/, char** /*environment*/) {
  unsetenv("LD_PRELOAD");
  if (dlopen(RELAX_SPECTRO_BACKEND, RTLD_NOW | RTLD_LOCAL) == nullptr) {
    std::fprintf(stderr, "fork_server: %s\n", dlerror());
    return EXIT_FAILURE;
  }
  while (std::optional<Request> request = next_request()) {
    const pid_t child = fork();
    if (child == 0) run(std::move(*request));
    for (const int file : request->files) close(file);
    int status = 0;
    waitpid(child, &status, 0);
    if (write(kSocket, &status, sizeof(status)) != sizeof(status)) return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}

}  // namespace

/// The first function that every program calls.
// NOLINTNEXTLINE(bugprone-reserved-identifier, readability-identifier-naming): the C library's name
extern "C" int __libc_start_main(Main main, int argc, char** argv, void (*init)(), void (*fini)(),
                                 void (*rtld_fini)(), void* stack_end) {
  program_main = main;
  const auto start =
      reinterpret_cast<decltype(&__libc_start_main)>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return start(serve, argc, argv, init, fini, rtld_fini, stack_end);
}
