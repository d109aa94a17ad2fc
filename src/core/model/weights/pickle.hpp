#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace relax_spectro::core {

/// A value of a pickle. Nothing is executed: a call is kept as its function and arguments.
struct PickleValue {
  enum class Kind {
    none,
    boolean,
    integer,
    real,
    text,
    bytes,
    sequence,
    dict,
    global,
    call,
    stored
  };

  Kind kind = Kind::none;
  std::int64_t integer = 0;  ///< also used for a boolean
  double real = 0.0;
  std::string text;  ///< of a text or bytes; for a global, "module.name"
  /// Of a sequence (tuple or list): its members. Of a call: the function and the tuple of its
  /// arguments. Of a value stored elsewhere: its identifier.
  std::vector<const PickleValue*> items;
  std::vector<std::pair<const PickleValue*, const PickleValue*>> entries;  ///< of a dict
};

/// Reads pickles that torch.save wrote. No code is run and no class is instantiated. Globals and
/// calls are kept as names and arguments.
///
/// Supports the opcodes of protocol 2 and later (Python, pickletools). Values live as long as the
/// reader.
class PickleReader {
 public:
  /// @param origin  names the file in errors.
  PickleReader(std::span<const char> bytes, std::string origin);

  /// Reads the next pickle; a file may contain several in a row.
  /// @throws ModelError  it is damaged or has an opcode of another protocol. The message has the
  ///                     opcode and the byte.
  [[nodiscard]] const PickleValue& read();

  /// Calls `take` with every value read so far that is stored elsewhere.
  template <typename Take>
  void for_each_stored(const Take& take) const {
    for (const PickleValue& value : values_) {
      if (value.kind == Kind::stored) take(value);
    }
  }

  /// The number of bytes read so far.
  [[nodiscard]] std::size_t position() const { return position_; }

 private:
  using Kind = PickleValue::Kind;

  bool step();  // false after the last opcode
  bool push_literal(unsigned char opcode);
  bool push_text(unsigned char opcode);
  bool collect(unsigned char opcode);
  bool remember(unsigned char opcode);
  bool refer(unsigned char opcode);

  PickleValue& make(Kind kind);
  void push(PickleValue* value);
  PickleValue* pop();
  [[nodiscard]] PickleValue& top();
  [[nodiscard]] std::vector<PickleValue*> pop_to_mark();
  void push_sequence(const std::vector<PickleValue*>& items);
  void push_last(std::size_t count);
  void set_items(PickleValue& dict, const std::vector<PickleValue*>& keys_and_values);
  void append_items(PickleValue& list, const std::vector<PickleValue*>& items);
  void push_global(const std::string& module, const std::string& name);
  void call();
  void push_memo(std::size_t index);

  std::span<const char> take(std::size_t count);
  [[nodiscard]] std::uint64_t take_number(std::size_t bytes);
  [[nodiscard]] std::string take_line();
  [[noreturn]] void fail(const std::string& what) const;

  std::span<const char> bytes_;
  std::string origin_;
  std::size_t position_ = 0;
  std::size_t opcode_position_ = 0;
  std::deque<PickleValue> values_;
  std::vector<PickleValue*> stack_;
  std::vector<std::size_t> marks_;
  std::map<std::size_t, PickleValue*> memo_;
};

}  // namespace relax_spectro::core
