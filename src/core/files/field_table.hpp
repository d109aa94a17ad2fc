#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "files/json_fields.hpp"

namespace relax_spectro::core {

// Note [One table of fields]
// One function for each struct names its JSON fields and its members:
//
//     template <typename Fields>
//     void describe(Fields& fields, Value<Fields, RepeatOptions>& repeat) {
//       fields("replicates", repeat.replicates);
//       fields("threshold", repeat.threshold);
//     }
//
// FieldWriter calls this function to write the struct, and FieldReader calls it to read it back. So
// a field cannot be written without being read. Members may be numbers, texts, paths, and structs
// with such a function. Types with to_string() and parse_text() are stored as text. An empty
// std::optional is null, and a std::vector is a list.

/// The value that a describe() function gets: const for writing, mutable for reading.
template <typename Fields, typename T>
using Value = std::conditional_t<Fields::kWrites, const T, T>;

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};

/// The text of a field, as an argument of parse_text().
struct FieldText {
  const std::string& text;
};

/// Writes structs as JSON objects. Fields keep the order of the describe() function.
class FieldWriter {
 public:
  static constexpr bool kWrites = true;

  template <typename T>
  void operator()(const char* name, const T& value) {
    json_[name] = json_of(value);
  }
  /// A list or a value that is absent if it is empty.
  template <typename T>
  void unless_empty(const char* name, const std::vector<T>& list) {
    if (!list.empty()) (*this)(name, list);
  }
  template <typename T>
  void unless_empty(const char* name, const std::optional<T>& value) {
    if (value) (*this)(name, value);
  }
  /// A derived field, for people and other programs. It is not read back.
  template <typename T>
  void derived(const char* name, const T& value) {
    json_[name] = json_of(value);
  }
  /// Groups fields in a JSON object that has no struct of its own in C++.
  template <typename Describe>
  void object(const char* name, const Describe& describe_fields) {
    FieldWriter fields;
    describe_fields(fields);
    json_[name] = fields.take();
  }

  [[nodiscard]] nlohmann::ordered_json take() { return std::move(json_); }

  template <typename T>
  [[nodiscard]] static nlohmann::ordered_json json_of(const T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, nlohmann::ordered_json>) {
      return value;
    } else if constexpr (IsOptional<T>::value) {
      return value ? json_of(*value) : nlohmann::ordered_json(nullptr);
    } else if constexpr (IsVector<T>::value) {
      nlohmann::ordered_json list = nlohmann::ordered_json::array();
      for (const auto& item : value) list.push_back(json_of(item));
      return list;
    } else if constexpr (requires(FieldWriter & fields) { describe(fields, value); }) {
      FieldWriter fields;
      describe(fields, value);
      return fields.take();
    } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
      return value.string();
    } else if constexpr (requires { to_string(value); }) {
      return to_string(value);
    } else {
      return value;
    }
  }

 private:
  nlohmann::ordered_json json_ = nlohmann::ordered_json::object();
};

/// Reads structs from JSON objects. Ignores fields that no describe() function names.
/// @throws ConfigError  a field is missing, has the wrong type or an invalid value; the message
///                      names it.
class FieldReader {
 public:
  static constexpr bool kWrites = false;

  explicit FieldReader(JsonFields fields) : fields_(std::move(fields)) {}

  template <typename T>
  void operator()(const char* name, T& value) {
    if constexpr (std::is_same_v<T, std::uint64_t>) {
      value = fields_.whole(name);
    } else if constexpr (std::is_arithmetic_v<T>) {
      value = fields_.get<T>(name);
    } else if constexpr (IsOptional<T>::value) {
      value.reset();
      if (!fields_.required(name).is_null()) (*this)(name, value.emplace());
    } else if constexpr (IsVector<T>::value) {
      read_list(name, value);
    } else if constexpr (requires(FieldReader & fields) { describe(fields, value); }) {
      FieldReader inner(fields_.object(name));
      describe(inner, value);
    } else if constexpr (requires(FieldText text) { parse_text(text, value); }) {
      read_text(name, fields_.get<std::string>(name), value);
    } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
      value = fields_.get<std::string>(name);
    } else {
      value = fields_.get<T>(name);
    }
  }

  template <typename T>
  void unless_empty(const char* name, std::vector<T>& list) {
    list.clear();
    if (fields_.has(name)) (*this)(name, list);
  }
  template <typename T>
  void unless_empty(const char* name, std::optional<T>& value) {
    value.reset();
    if (fields_.has(name)) (*this)(name, value);
  }

  template <typename T>
  void derived(const char*, const T&) {}

  template <typename Describe>
  void object(const char* name, const Describe& describe_fields) {
    FieldReader inner(fields_.object(name));
    describe_fields(inner);
  }

  [[nodiscard]] JsonFields& fields() { return fields_; }

 private:
  template <typename T>
  void read_text(const char* name, const std::string& text, T& value) {
    try {
      parse_text(FieldText{text}, value);
    } catch (const ConfigError& error) {
      fields_.fail(name, fmt::format("cannot be used: {}", error.what()));
    }
  }

  template <typename T>
  void read_list(const char* name, std::vector<T>& list) {
    list.clear();
    if constexpr (std::is_same_v<T, std::string>) {
      list = fields_.texts(name);
    } else if constexpr (requires(FieldText text) { parse_text(text, list.front()); }) {
      for (const std::string& text : fields_.texts(name)) {
        read_text(name, text, list.emplace_back());
      }
    } else {
      for (JsonFields& item : fields_.objects(name)) {
        FieldReader inner(std::move(item));
        describe(inner, list.emplace_back());
      }
    }
  }

  JsonFields fields_;
};

}  // namespace relax_spectro::core
