#pragma once

namespace relax_spectro::cli {

/// Thrown where work is given up because the user asked for it. No error: nothing catches it but
/// what ends the program.
struct Interrupted {};

/// Has SIGINT, SIGTERM and SIGHUP noted instead of ending the program. A second SIGINT or SIGTERM
/// ends it at once. A SIGHUP that is ignored, as under nohup, stays so.
void note_interruptions();

/// Whether one of them came. Safe to be asked from any thread.
[[nodiscard]] bool is_interrupted();

/// @throws Interrupted  one of them came.
void stop_if_interrupted();

}  // namespace relax_spectro::cli
