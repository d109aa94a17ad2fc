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
// What a struct looks like in JSON is said once, in a function that names each of its members:
//
//     template <typename Fields>
//     void describe(Fields& fields, Value<Fields, RepeatOptions>& repeat) {
//       fields("replicates", repeat.replicates);
//       fields("threshold", repeat.threshold);
//     }
//
// A FieldWriter walks it to write the struct, a FieldReader to read it back, so that no field can
// be written and not read. Members are numbers, texts, paths, structs with a table of their own,
// and what is text: to_string() writes it and parse_text() reads it. A std::optional that is empty
// is null, a std::vector is a list.

/// What a table is given: a value to write, or one to fill.
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

/// The text of a field, for parse_text().
struct FieldText {
  const std::string& text;
};

/// Writes structs as JSON objects, their fields in the order of their tables.
class FieldWriter {
 public:
  static constexpr bool kWrites = true;

  template <typename T>
  void operator()(const char* name, const T& value) {
    json_[name] = json_of(value);
  }
  /// A field that follows from others, and is for people and other programs.
  template <typename T>
  void derived(const char* name, const T& value) {
    json_[name] = json_of(value);
  }
  /// Fields that lie together in JSON and not in C++.
  template <typename Describe>
  void object(const char* name, const Describe& describe_fields) {
    FieldWriter fields;
    describe_fields(fields);
    json_[name] = fields.take();
  }

  [[nodiscard]] nlohmann::ordered_json take() { return std::move(json_); }

  template <typename T>
  [[nodiscard]] static nlohmann::ordered_json json_of(const T& value) {
    // NOLINTNEXTLINE(bugprone-branch-clone): branches that one type takes are compared with others
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

/// Reads structs from JSON objects. Fields that no table has a use for are passed over.
/// @throws ConfigError  a field is missing, of another type, or cannot be; the message names it.
class FieldReader {
 public:
  static constexpr bool kWrites = false;

  explicit FieldReader(JsonFields fields) : fields_(std::move(fields)) {}

  template <typename T>
  void operator()(const char* name, T& value) {
    // NOLINTNEXTLINE(bugprone-branch-clone): branches that one type takes are compared with others
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
      const auto text = fields_.get<std::string>(name);
      try {
        parse_text(FieldText{text}, value);
      } catch (const ConfigError& error) {
        fields_.fail(name, fmt::format("cannot be used: {}", error.what()));
      }
    } else if constexpr (std::is_same_v<T, std::filesystem::path>) {
      value = fields_.get<std::string>(name);
    } else {
      value = fields_.get<T>(name);
    }
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
  void read_list(const char* name, std::vector<T>& list) {
    list.clear();
    if constexpr (std::is_same_v<T, std::string>) {
      list = fields_.texts(name);
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
