#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace relax_spectro::cli {

/// Prepares a program for streams that are closed, full or gone. No file that it opens takes the
/// place of stdin, stdout or stderr. A write that fails is an error, and never a fatal signal.
void prepare_streams();

/// Writes to stderr. What cannot be written is dropped: no work ends for a message.
void put_message(std::string_view text);

/// Writes a result to stdout. Where that fails, the work goes on, and finish_output says so.
void put_output(std::string_view text);

/// Prints a result to stdout, as put_output does.
template <typename... Values>
void print(fmt::format_string<Values...> format, Values&&... values) {
  put_output(fmt::format(format, std::forward<Values>(values)...));
}

/// Writes the rest of stdout, and says on stderr where some of it could not be written.
/// @returns  whether all who wanted it have it: nobody reads a terminal that has gone away.
[[nodiscard]] bool finish_output();

}  // namespace relax_spectro::cli
