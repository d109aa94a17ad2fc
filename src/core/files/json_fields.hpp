#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {

/// Describes the source of the JSON in errors.
struct JsonOrigin {
  std::string file;
  std::string hint;  ///< where to find help: "models/CARD.md describes the fields"
};

/// Reads the fields of a JSON object strictly: each has a type, and unknown fields are errors.
class JsonFields {
 public:
  /// @param object  must outlive the fields.
  /// @param name    the object's path within its file, for errors; empty at the top.
  JsonFields(const nlohmann::json& object, JsonOrigin origin, const std::string& name = "")
      : object_(&object), origin_(std::move(origin)), path_(name.empty() ? "" : name + ".") {
    if (object_->is_object()) return;
    fail_at(name.empty() ? "the file" : name,
            fmt::format("is {}, expected an object", text(object)));
  }

  [[nodiscard]] bool has(const std::string& field) {
    known_.insert(field);
    return object_->contains(field);
  }

  [[nodiscard]] const nlohmann::json& required(const std::string& field) {
    if (!has(field)) fail(field, "is missing");
    return object_->at(field);
  }

  template <typename T>
  [[nodiscard]] T get(const std::string& field) {
    return convert<T>(field, required(field));
  }

  template <typename T>
  [[nodiscard]] T get_or(const std::string& field, T otherwise) {
    return has(field) ? convert<T>(field, object_->at(field)) : otherwise;
  }

  /// A required field that may be null: then nothing.
  template <typename T>
  [[nodiscard]] std::optional<T> get_or_null(const std::string& field) {
    if (required(field).is_null()) return std::nullopt;
    return get<T>(field);
  }

  /// A whole number of up to 64 bits.
  [[nodiscard]] std::uint64_t whole(const std::string& field) {
    const nlohmann::json& value = required(field);
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    fail(field, fmt::format("is {}, expected a whole number from 0", text(value)));
  }

  /// A list of texts.
  [[nodiscard]] std::vector<std::string> texts(const std::string& field) {
    const nlohmann::json& list = required(field);
    const auto is_text = [](const nlohmann::json& item) { return item.is_string(); };
    if (!list.is_array() || !std::ranges::all_of(list, is_text)) {
      fail(field, fmt::format("is {}, expected a list of texts", text(list)));
    }
    return list.get<std::vector<std::string>>();
  }

  /// A list of whole numbers of up to 64 bits.
  [[nodiscard]] std::vector<std::size_t> wholes(const std::string& field) {
    const nlohmann::json& list = required(field);
    const auto is_whole = [](const nlohmann::json& item) { return item.is_number_unsigned(); };
    if (!list.is_array() || !std::ranges::all_of(list, is_whole)) {
      fail(field, fmt::format("is {}, expected a list of whole numbers from 0", text(list)));
    }
    return list.get<std::vector<std::size_t>>();
  }

  /// A list of numbers, at least one.
  [[nodiscard]] std::vector<double> numbers(const std::string& field) {
    const nlohmann::json& list = required(field);
    const auto is_number = [](const nlohmann::json& item) { return item.is_number(); };
    if (!list.is_array() || list.empty() || !std::ranges::all_of(list, is_number)) {
      fail(field, fmt::format("is {}, expected a list of numbers", text(list)));
    }
    return list.get<std::vector<double>>();
  }

  [[nodiscard]] JsonFields object(const std::string& field) {
    return {required(field), origin_, path_ + field};
  }

  /// The objects in a list.
  [[nodiscard]] std::vector<JsonFields> objects(const std::string& field) {
    const nlohmann::json& list = required(field);
    if (!list.is_array()) fail(field, fmt::format("is {}, expected a list", text(list)));
    std::vector<JsonFields> items;
    for (const nlohmann::json& item : list) {
      items.emplace_back(item, origin_, fmt::format("{}{}[{}]", path_, field, items.size()));
    }
    return items;
  }

  /// @throws ConfigError  a field of the object was never read: most likely it is misspelt.
  void refuse_others() const {
    for (const auto& [field, value] : object_->items()) {
      if (!known_.contains(field)) {
        fail(field,
             fmt::format("is not a known field here; known are: {}", fmt::join(known_, ", ")));
      }
    }
  }

  [[noreturn]] void fail(const std::string& field, const std::string& what) const {
    fail_at(path_ + field, what);
  }

 private:
  [[noreturn]] void fail_at(const std::string& place, const std::string& what) const {
    throw ConfigError(fmt::format("{}: {} {} ({})", origin_.file, place, what, origin_.hint));
  }

  static std::string text(const nlohmann::json& value) {
    constexpr std::size_t kMost = 60;
    std::string dumped = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    if (dumped.size() > kMost) dumped = dumped.substr(0, kMost) + "...";
    return dumped;
  }

  template <typename T>
  T convert(const std::string& field, const nlohmann::json& value) const {
    if constexpr (std::is_same_v<T, bool>) {
      if (value.is_boolean()) return value.get<T>();
      fail(field, fmt::format("is {}, expected true or false", text(value)));
    } else if constexpr (std::is_same_v<T, std::string>) {
      if (value.is_string()) return value.get<T>();
      fail(field, fmt::format("is {}, expected text", text(value)));
    } else if constexpr (std::is_floating_point_v<T>) {
      if (value.is_number()) return value.get<T>();
      fail(field, fmt::format("is {}, expected a number", text(value)));
    } else {
      constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
      if (value.is_number_integer() && value.get<double>() >= 0 &&
          value.get<double>() <= static_cast<double>(kMost)) {
        return value.get<T>();
      }
      fail(field, fmt::format("is {}, expected a whole number from 0 to {}", text(value), kMost));
    }
  }

  const nlohmann::json* object_;
  JsonOrigin origin_;
  std::string path_;
  std::set<std::string> known_;
};

}  // namespace relax_spectro::core
