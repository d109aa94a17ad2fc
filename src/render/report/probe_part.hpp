#pragma once

#include <string>

#include "files/json_fields.hpp"

namespace relax_spectro::render {

/// The tables of a probe: its classes with 95 % intervals, and what its accuracy compares with.
/// @param fields  of NAME.probe.json.
/// @throws ConfigError  a field is missing or not valid.
[[nodiscard]] std::string probe_tables(core::JsonFields& fields, const std::string& name);

}  // namespace relax_spectro::render
