#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace relax_spectro::core {

/// The supported opcodes, by their names in Python's pickletools.
enum PickleOpcode : unsigned char {
  kMark = '(',
  kPop = '0',
  kPopMark = '1',
  kStop = '.',
  kProto = 0x80,
  kFrame = 0x95,
  kNone = 'N',
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kBinFloat = 'G',
  kBinUnicode = 'X',
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinString = 'T',
  kShortBinString = 'U',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kBinBytes8 = 0x8e,
  kByteArray8 = 0x96,
  kEmptyDict = '}',
  kEmptyList = ']',
  kEmptyTuple = ')',
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kTuple = 't',
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kAppend = 'a',
  kAppends = 'e',
  kSetItem = 's',
  kSetItems = 'u',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kMemoize = 0x94,
  kBinGet = 'h',
  kLongBinGet = 'j',
  kGlobal = 'c',
  kStackGlobal = 0x93,
  kReduce = 'R',
  kNewObject = 0x81,
  kNewObjectEx = 0x92,
  kBuild = 'b',
  kBinPersId = 'Q',
};

/// Other opcodes that pickles may contain.
inline constexpr std::array kRefusedOpcodes{std::pair{'i', "INST"},
                                            std::pair{'o', "OBJ"},
                                            std::pair{'P', "PERSID"},
                                            std::pair{'\x82', "EXT1"},
                                            std::pair{'\x83', "EXT2"},
                                            std::pair{'\x84', "EXT4"},
                                            std::pair{'2', "DUP"},
                                            std::pair{'I', "INT"},
                                            std::pair{'L', "LONG"},
                                            std::pair{'F', "FLOAT"},
                                            std::pair{'S', "STRING"},
                                            std::pair{'V', "UNICODE"},
                                            std::pair{'d', "DICT"},
                                            std::pair{'l', "LIST"},
                                            std::pair{'p', "PUT"},
                                            std::pair{'g', "GET"},
                                            std::pair{'\x97', "NEXT_BUFFER"},
                                            std::pair{'\x98', "READONLY_BUFFER"}};

/// The name of a refused opcode for errors, so that a user can look it up.
[[nodiscard]] inline std::string opcode_name(unsigned char opcode) {
  const auto found = std::ranges::find(kRefusedOpcodes, static_cast<char>(opcode),
                                       [](const auto& pair) { return pair.first; });
  return found != kRefusedOpcodes.end() ? std::string(found->second)
                                        : fmt::format("0x{:02x}", opcode);
}

}  // namespace relax_spectro::core
