#include "model/weights/pickle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "files/valid_utf8.hpp"
#include "model/weights/pickle_opcode.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

// A checkpoint of a large network has about ten thousand values.
constexpr std::size_t kMostValues = 4'000'000;

/// Names appear in errors, so they must be printable.
bool is_name(std::string_view text) {
  constexpr std::size_t kMostBytes = 200;
  return text.size() <= kMostBytes &&
         std::ranges::all_of(text, [](char byte) { return byte > ' ' && byte <= '~'; });
}

}  // namespace

PickleReader::PickleReader(std::span<const char> bytes, std::string origin)
    : bytes_(bytes), origin_(std::move(origin)) {}

void PickleReader::fail(const std::string& what) const {
  throw ModelError(fmt::format("{}: {} (at byte {})", origin_, what, opcode_position_));
}

const PickleValue& PickleReader::read() {
  stack_.clear();
  marks_.clear();
  memo_.clear();
  while (step()) {
  }
  if (stack_.size() != 1 || !marks_.empty()) fail("is a damaged pickle: it ends in the middle");
  return *stack_.back();
}

bool PickleReader::step() {
  opcode_position_ = position_;
  const auto opcode = static_cast<unsigned char>(take(1)[0]);
  if (opcode == kStop) return false;
  if (push_literal(opcode) || push_text(opcode) || collect(opcode) || remember(opcode) ||
      refer(opcode)) {
    return true;
  }
  fail(
      fmt::format("has the pickle opcode {}, which no state dict needs. Nothing in it was run. "
                  "Expected a state dict as torch.save(model.state_dict(), path) writes it",
                  opcode_name(opcode)));
}

/// Numbers, texts and the pickle's own protocol data.
bool PickleReader::push_literal(unsigned char opcode) {
  const auto push_integer = [this](std::int64_t value) {
    PickleValue& made = make(Kind::integer);
    made.integer = value;
    push(&made);
  };
  switch (opcode) {
    case kProto:
      static_cast<void>(take(1));
      return true;
    case kFrame:
      static_cast<void>(take(8));
      return true;
    case kMark:
      marks_.push_back(stack_.size());
      return true;
    case kPop:  // removes the mark if nothing follows it
      if (!marks_.empty() && marks_.back() == stack_.size()) {
        marks_.pop_back();
      } else {
        static_cast<void>(pop());
      }
      return true;
    case kPopMark:
      static_cast<void>(pop_to_mark());
      return true;
    case kNone:
      push(&make(Kind::none));
      return true;
    case kNewTrue:
    case kNewFalse: {
      PickleValue& made = make(Kind::boolean);
      made.integer = opcode == kNewTrue ? 1 : 0;
      push(&made);
      return true;
    }
    case kBinInt:
      push_integer(std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(take_number(4))));
      return true;
    case kBinInt1:
      push_integer(static_cast<std::int64_t>(take_number(1)));
      return true;
    case kBinInt2:
      push_integer(static_cast<std::int64_t>(take_number(2)));
      return true;
    case kBinFloat: {
      std::uint64_t bits = 0;  // the only number that pickles store in big-endian order
      for (const char byte : take(8)) bits = (bits << 8) | static_cast<unsigned char>(byte);
      PickleValue& made = make(Kind::real);
      made.real = std::bit_cast<double>(bits);
      push(&made);
      return true;
    }
    default:
      return false;
  }
}

bool PickleReader::push_text(unsigned char opcode) {
  std::size_t count_bytes = 0;
  Kind kind = Kind::text;
  switch (opcode) {
    case kBinUnicode:
      count_bytes = 4;
      break;
    case kShortBinUnicode:
      count_bytes = 1;
      break;
    case kBinUnicode8:
      count_bytes = 8;
      break;
    case kBinString:
    case kBinBytes:
    case kLong4:
      count_bytes = 4;
      kind = Kind::bytes;
      break;
    case kBinBytes8:
    case kByteArray8:
      count_bytes = 8;
      kind = Kind::bytes;
      break;
    case kShortBinString:
    case kShortBinBytes:
    case kLong1:  // integers of any length: only their bytes matter
      count_bytes = 1;
      kind = Kind::bytes;
      break;
    default:
      return false;
  }
  const std::span<const char> content = take(take_number(count_bytes));
  PickleValue& made = make(kind);
  made.text.assign(content.begin(), content.end());
  if (opcode == kLong1 && content.size() <= sizeof(std::int64_t)) {
    made.kind = Kind::integer;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < content.size(); ++i) {
      bits |= std::uint64_t{static_cast<unsigned char>(content[i])} << (8 * i);
    }
    const std::size_t unused = 64 - 8 * content.size();  // the highest byte holds the sign
    if (unused < 64) made.integer = std::bit_cast<std::int64_t>(bits << unused) >> unused;
  }
  // Python 2 wrote names as byte strings.
  if (opcode == kShortBinString || opcode == kBinString) made.kind = Kind::text;
  // Names appear in errors.
  if (made.kind == Kind::text) made.text = valid_utf8(made.text);
  push(&made);
  return true;
}

bool PickleReader::collect(unsigned char opcode) {
  switch (opcode) {
    case kEmptyDict:
      push(&make(Kind::dict));
      return true;
    case kEmptyList:
    case kEmptyTuple:
    case kEmptySet:
      push(&make(Kind::sequence));
      return true;
    case kTuple:
    case kFrozenSet:
      push_sequence(pop_to_mark());
      return true;
    case kTuple1:
    case kTuple2:
    case kTuple3:
      push_last(opcode - kTuple1 + 1U);
      return true;
    case kAppend: {
      PickleValue* item = pop();
      append_items(top(), {item});
      return true;
    }
    case kAppends:
    case kAddItems: {
      const std::vector<PickleValue*> items = pop_to_mark();
      append_items(top(), items);
      return true;
    }
    case kSetItem: {
      PickleValue* value = pop();
      PickleValue* key = pop();
      set_items(top(), {key, value});
      return true;
    }
    case kSetItems: {
      const std::vector<PickleValue*> items = pop_to_mark();
      set_items(top(), items);
      return true;
    }
    default:
      return false;
  }
}

bool PickleReader::remember(unsigned char opcode) {
  switch (opcode) {
    case kBinPut:
      memo_[take_number(1)] = &top();
      return true;
    case kLongBinPut:
      memo_[take_number(4)] = &top();
      return true;
    case kMemoize:
      memo_[memo_.size()] = &top();
      return true;
    case kBinGet:
      push_memo(take_number(1));
      return true;
    case kLongBinGet:
      push_memo(take_number(4));
      return true;
    default:
      return false;
  }
}

bool PickleReader::refer(unsigned char opcode) {
  switch (opcode) {
    case kGlobal: {
      const std::string module = take_line();
      push_global(module, take_line());
      return true;
    }
    case kStackGlobal: {
      const PickleValue* name = pop();
      const PickleValue* module = pop();
      push_global(module->text, name->text);
      return true;
    }
    case kReduce:
    case kNewObject:
      call();
      return true;
    case kNewObjectEx:  // with keyword arguments, which are not needed
      static_cast<void>(pop());
      call();
      return true;
    case kBuild:  // attributes, such as the versions in a state dict: not needed
      static_cast<void>(pop());
      static_cast<void>(top());
      return true;
    case kBinPersId: {
      PickleValue& made = make(Kind::stored);
      made.items = {pop()};
      push(&made);
      return true;
    }
    default:
      return false;
  }
}

void PickleReader::push_global(const std::string& module, const std::string& name) {
  const std::string full = fmt::format("{}.{}", module, name);
  if (!is_name(full)) fail("is a damaged pickle: a name has invalid bytes");
  PickleValue& made = make(Kind::global);
  made.text = full;
  push(&made);
}

/// A call whose result is plain data is replaced by that data. Any other call is kept. Its function
/// may itself be the result of a call, as a method is.
void PickleReader::call() {
  PickleValue* arguments = pop();
  PickleValue* callee = pop();
  const bool can_be_called = callee->kind == Kind::global || callee->kind == Kind::call;
  if (!can_be_called || arguments->kind != Kind::sequence) {
    fail("is a damaged pickle: it calls a value that cannot be called");
  }
  if (callee->text == "collections.OrderedDict" && arguments->items.empty()) {
    push(&make(Kind::dict));
    return;
  }
  PickleValue& made = make(Kind::call);
  made.items = {callee, arguments};
  push(&made);
}

PickleValue& PickleReader::make(Kind kind) {
  if (values_.size() >= kMostValues) fail(fmt::format("has more than {} values", kMostValues));
  PickleValue& made = values_.emplace_back();
  made.kind = kind;
  return made;
}

void PickleReader::push(PickleValue* value) { stack_.push_back(value); }

PickleValue& PickleReader::top() {
  const std::size_t floor = marks_.empty() ? 0 : marks_.back();
  if (stack_.size() <= floor) fail("is a damaged pickle: an opcode lacks its operand");
  return *stack_.back();
}

PickleValue* PickleReader::pop() {
  PickleValue* value = &top();
  stack_.pop_back();
  return value;
}

std::vector<PickleValue*> PickleReader::pop_to_mark() {
  if (marks_.empty()) fail("is a damaged pickle: an opcode lacks its mark");
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<PickleValue*> items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  marks_.pop_back();
  return items;
}

void PickleReader::push_sequence(const std::vector<PickleValue*>& items) {
  PickleValue& made = make(Kind::sequence);
  made.items.assign(items.begin(), items.end());
  push(&made);
}

void PickleReader::push_last(std::size_t count) {
  std::vector<PickleValue*> items(count);
  for (std::size_t i = count; i-- > 0;) items[i] = pop();
  push_sequence(items);
}

void PickleReader::append_items(PickleValue& list, const std::vector<PickleValue*>& items) {
  if (list.kind == Kind::call) return;  // a fillable object, such as a deque
  if (list.kind != Kind::sequence)
    fail("is a damaged pickle: it appends to a value that is not a list");
  list.items.insert(list.items.end(), items.begin(), items.end());
}

void PickleReader::set_items(PickleValue& dict, const std::vector<PickleValue*>& keys_and_values) {
  // A kept call, such as a defaultdict, may be filled: ignore the entries.
  const bool is_call = dict.kind == Kind::call;
  if ((dict.kind != Kind::dict && !is_call) || keys_and_values.size() % 2 != 0) {
    fail("is a damaged pickle: it adds entries to a value that is not a dict");
  }
  for (std::size_t i = 0; i + 1 < keys_and_values.size(); i += 2) {
    dict.entries.emplace_back(keys_and_values[i], keys_and_values[i + 1]);
  }
}

void PickleReader::push_memo(std::size_t index) {
  const auto found = memo_.find(index);
  if (found == memo_.end()) fail("is a damaged pickle: it refers to a value that does not exist");
  push(found->second);
}

std::span<const char> PickleReader::take(std::size_t count) {
  if (count > bytes_.size() - position_) fail("is a damaged pickle: it is truncated");
  const std::span<const char> taken = bytes_.subspan(position_, count);
  position_ += count;
  return taken;
}

std::uint64_t PickleReader::take_number(std::size_t bytes) {
  std::uint64_t number = 0;
  const std::span<const char> taken = take(bytes);
  for (std::size_t i = 0; i < bytes; ++i) {
    number |= std::uint64_t{static_cast<unsigned char>(taken[i])} << (8 * i);
  }
  return number;
}

std::string PickleReader::take_line() {
  std::string line;
  for (char byte = take(1)[0]; byte != '\n'; byte = take(1)[0]) line += byte;
  return line;
}

}  // namespace relax_spectro::core
