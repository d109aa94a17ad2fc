#include "model/state_dict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "files/zip_archive.hpp"
#include "model/model_format.hpp"
#include "model/weights/pickle.hpp"
#include "model/weights/safetensors.hpp"
#include "model/weights/stored_tensor.hpp"
#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"

namespace relax_spectro {
namespace {

using core::PickleReader;
using core::PickleValue;
using core::Storage;
using Kind = PickleValue::Kind;

constexpr std::size_t kMostPickleBytes = std::size_t{256} << 20;
constexpr std::string_view kAdvice =
    "Expected a state dict as torch.save(model.state_dict(), path) writes it, not a whole model";

/// A possible state dict in a checkpoint.
struct Candidate {
  std::string key;  // empty: the whole file
  const PickleValue* dict = nullptr;
  std::size_t tensors = 0;
};

/// Calls `take` for each entry with a name and a tensor.
template <typename Take>
void for_each_tensor(const PickleValue& dict, const Take& take) {
  for (const auto& [key, value] : dict.entries) {
    if (key->kind == Kind::text && core::is_tensor(*value)) take(key->text, *value);
  }
}

/// Limits the depth, because pickles can refer to themselves.
void find_candidates(const PickleValue& value, const std::string& key, int depth,
                     std::vector<Candidate>& found) {
  constexpr int kDeepest = 3;
  constexpr std::size_t kMostFound = 100;
  if (depth > kDeepest || found.size() >= kMostFound) return;
  std::size_t tensors = 0;
  for_each_tensor(value, [&tensors](const auto&, const auto&) { ++tensors; });
  if (tensors > 0) found.push_back({key, &value, tensors});
  for (const auto& [name, item] : value.entries) {
    if (name->kind != Kind::text) continue;
    find_candidates(*item, key.empty() ? name->text : fmt::format("{}.{}", key, name->text),
                    depth + 1, found);
  }
  if (value.kind != Kind::sequence || value.items.size() > kMostFound) return;
  for (const PickleValue* item : value.items) find_candidates(*item, key, depth + 1, found);
}

const PickleValue& choose(const PickleValue& root, const std::string& key,
                          const std::string& file) {
  std::vector<Candidate> found;
  find_candidates(root, {}, 0, found);
  if (found.empty()) {
    throw ModelError(fmt::format("{}: has no tensors with names. {}", file, kAdvice));
  }
  if (key.empty()) return *std::ranges::max_element(found, {}, &Candidate::tensors)->dict;
  const auto named = std::ranges::find(found, key, &Candidate::key);
  if (named == found.end()) {
    std::vector<std::string> keys;
    for (const Candidate& candidate : found) {
      keys.push_back(fmt::format("'{}' ({} tensors)", candidate.key, candidate.tensors));
    }
    throw ModelError(fmt::format("{}: has no state dict under the key '{}'; there are {}", file,
                                 key, fmt::join(keys, ", ")));
  }
  return *named->dict;
}

StateDict read_tensors(const PickleValue& dict, const core::ReadStorage& read,
                       const std::string& file) {
  StateDict tensors;
  for_each_tensor(dict, [&](const std::string& name, const PickleValue& value) {
    tensors[name] = core::read_tensor(value, read, fmt::format("{}: the tensor '{}'", file, name));
  });
  return tensors;
}

std::size_t bytes_of(const Storage& storage, const std::string& file) {
  constexpr std::size_t kMostNumbers = std::size_t{1} << 40;
  const std::size_t bytes = core::bytes_per_number(storage);
  if (bytes == 0 || storage.count > kMostNumbers) {
    throw ModelError(fmt::format("{}: is damaged: a storage of {} numbers of type {}", file,
                                 storage.count, storage.type));
  }
  return bytes * storage.count;
}

[[noreturn]] void fail_short(const std::string& file, const Storage& storage) {
  throw ModelError(fmt::format("{}: is damaged: storage {} lacks some of its {} numbers", file,
                               storage.key, storage.count));
}

/// The zip archive: NAME/data.pkl, and one NAME/data/KEY for each storage.
StateDict read_archive(const core::ZipArchive& archive, const std::string& key,
                       const std::string& file) {
  const std::vector<std::string> names = archive.names();
  const auto ends = [&names](std::string_view ending) {
    return std::ranges::find_if(names,
                                [ending](const auto& name) { return name.ends_with(ending); });
  };
  constexpr std::string_view kPickle = "/data.pkl";
  const auto pickle = ends(kPickle);
  if (pickle == names.end()) {
    throw ModelError(fmt::format("{}: is a zip archive, but not of torch.save. {}", file, kAdvice));
  }
  const std::string folder = pickle->substr(0, pickle->size() - kPickle.size());
  if (const std::string order = folder + "/byteorder";
      std::ranges::find(names, order) != names.end()) {
    const std::vector<char> text = archive.read(order, 64);
    if (std::string_view(text.data(), text.size()).starts_with("big")) {
      throw ModelError(fmt::format(
          "{}: was written by a big-endian machine. Save it again on a little-endian one", file));
    }
  }
  const std::vector<char> pickled = archive.read(*pickle, kMostPickleBytes);
  PickleReader reader(pickled, file);
  std::vector<char> bytes;
  const auto read = [&](const Storage& storage) {
    const std::size_t count = bytes_of(storage, file);
    bytes = archive.read(fmt::format("{}/data/{}", folder, storage.key), count);
    if (bytes.size() < count) fail_short(file, storage);
    return std::span<const char>(bytes);
  };
  return read_tensors(choose(reader.read(), key, file), read, file);
}

/// The older format: five pickles, then the storages. The fourth pickle is the saved object, and
/// the fifth lists the storages in order. Each storage begins with its number of elements
/// (torch/serialization.py, _legacy_save).
StateDict read_legacy(std::string_view content, const std::string& key, const std::string& file) {
  PickleReader reader(content, file);
  // The first identifies the format (model_format_of()), the next two describe the machine.
  for (int skipped = 0; skipped < 3; ++skipped) static_cast<void>(reader.read());
  const PickleValue& root = reader.read();
  const PickleValue& keys = reader.read();
  const PickleValue& dict = choose(root, key, file);
  // A storage's size in bytes follows only from the tensors that refer to it.
  std::map<std::string, Storage> known;
  reader.for_each_stored([&known](const PickleValue& value) {
    if (const auto storage = core::storage_of(value)) known.emplace(storage->key, *storage);
  });
  std::map<std::string, std::string_view> storages;
  std::size_t position = reader.position();
  for (const PickleValue* name : keys.items) {
    const auto found = known.find(name->text);
    if (found == known.end()) {
      throw ModelError(fmt::format("{}: is damaged: a storage that nothing refers to", file));
    }
    constexpr std::size_t kCountBytes = 8;
    const std::size_t bytes = bytes_of(found->second, file);
    if (content.size() - position < kCountBytes ||
        content.size() - position - kCountBytes < bytes) {
      fail_short(file, found->second);
    }
    storages[name->text] = content.substr(position + kCountBytes, bytes);
    position += kCountBytes + bytes;
  }
  const auto read = [&](const Storage& storage) {
    const auto found = storages.find(storage.key);
    if (found == storages.end() || found->second.size() < bytes_of(storage, file)) {
      fail_short(file, storage);
    }
    return std::span<const char>(found->second);
  };
  return read_tensors(dict, read, file);
}

}  // namespace

StateDict read_state_dict(const std::filesystem::path& path, const std::string& key) {
  const core::ModelFormat format = core::require_weights(path);
  const std::string file = path.string();
  if (format == core::ModelFormat::safetensors) {
    if (!key.empty()) {
      throw ModelError(
          fmt::format("{}: has no keys: safetensors hold one state dict. Leave out the "
                      "key '{}'",
                      file, key));
    }
    return core::read_safetensors(read_text_file(path), file);
  }
  if (const auto archive = core::ZipArchive::open_if_zip(path)) {
    return read_archive(*archive, key, file);
  }
  return read_legacy(read_text_file(path), key, file);
}

}  // namespace relax_spectro
