#pragma once

namespace relax_spectro::cli {

/// Thrown where work is given up because the user asked for it. No error: nothing catches it but
/// what ends the program.
struct Interrupted {};

/// Has SIGINT and SIGTERM noted instead of ending the program, once: a second one ends it at once.
void note_interruptions();

/// Whether one of them came. Safe to be asked from any thread.
[[nodiscard]] bool is_interrupted();

/// @throws Interrupted  one of them came.
void stop_if_interrupted();

}  // namespace relax_spectro::cli
