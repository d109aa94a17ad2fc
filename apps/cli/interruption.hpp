#pragma once

namespace relax_spectro::cli {

/// Ends work because the user asked for it. It is no error: only the end of the program catches it.
struct Interrupted {};

/// Notes SIGINT, SIGTERM and SIGHUP instead of ending the program. A second SIGINT or SIGTERM
/// ends it at once. An ignored SIGHUP, as under nohup, stays ignored.
void note_interruptions();

/// Whether one of them came. Safe in any thread.
[[nodiscard]] bool is_interrupted();

/// @throws Interrupted  one of them came.
void stop_if_interrupted();

}  // namespace relax_spectro::cli
