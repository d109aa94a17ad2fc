#pragma once

#include <stdexcept>
#include <string>

namespace relax_spectro {

/// Base of every error that this library throws on purpose. The message says which file, what was
/// wrong, what was expected and what to do.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// An invalid request: an option or a card out of range, or in conflict with another.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A file or folder that cannot be read or written.
class IoError : public Error {
 public:
  using Error::Error;
};

/// A recording that cannot be used.
class AudioError : public Error {
 public:
  using Error::Error;
};

/// A model that cannot be loaded, does not fit its card, or failed while running.
class ModelError : public Error {
 public:
  using Error::Error;
};

/// Not enough memory for the request.
class MemoryError : public Error {
 public:
  using Error::Error;
};

}  // namespace relax_spectro
