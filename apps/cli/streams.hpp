#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace relax_spectro::cli {

/// Prepares a program for streams that are closed, full or broken. No opened file becomes stdin,
/// stdout or stderr. A failed write is an error, not a fatal signal.
void prepare_streams();

/// Writes to stderr. A message that cannot be written is dropped, and the work goes on.
void put_message(std::string_view text);

/// Writes a result to stdout. If that fails, the work goes on, and finish_output reports it.
void put_output(std::string_view text);

/// Prints a result to stdout, as put_output does.
template <typename... Values>
void print(fmt::format_string<Values...> format, Values&&... values) {
  put_output(fmt::format(format, std::forward<Values>(values)...));
}

/// Writes the rest of stdout, and reports a failed write on stderr.
/// @returns  whether the output was written. A closed terminal or pipe counts as written.
[[nodiscard]] bool finish_output();

}  // namespace relax_spectro::cli
