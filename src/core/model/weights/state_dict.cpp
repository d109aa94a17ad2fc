#include "relax_spectro/model/state_dict.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "files/input_file.hpp"
#include "files/zip_archive.hpp"
#include "model/weights/pickle.hpp"
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
    "Expected a state dict as torch.save(model.state_dict(), path) writes it";

/// A state dict somewhere in a checkpoint.
struct Candidate {
  std::string key;  // empty: the whole file
  const PickleValue* dict = nullptr;
  std::size_t tensors = 0;
};

/// What is a tensor by its value and has a name.
template <typename Take>
void for_each_tensor(const PickleValue& dict, const Take& take) {
  for (const auto& [key, value] : dict.entries) {
    if (key->kind == Kind::text && core::is_tensor(*value)) take(key->text, *value);
  }
}

/// Pickles can refer to themselves: no deeper than checkpoints go.
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

/// Takes off what every name begins with. @returns whether there was such a thing.
bool take_off_prefix(StateDict& tensors, std::string_view prefix) {
  const bool all = std::ranges::all_of(
      tensors, [prefix](const auto& tensor) { return tensor.first.starts_with(prefix); });
  if (!all || tensors.empty()) return false;
  StateDict renamed;
  for (auto& [name, tensor] : tensors) renamed[name.substr(prefix.size())] = std::move(tensor);
  tensors = std::move(renamed);
  return true;
}

/// Takes off what wrappers put around a network's names, one in the other: those of PyTorch for
/// several devices, for compiled and for averaged networks, and the attribute that a training loop
/// keeps its network in.
void unwrap(StateDict& tensors) {
  tensors.erase("n_averaged");  // torch.optim.swa_utils.AveragedModel's own
  const auto take_off_one = [&tensors] {
    return std::ranges::any_of(
        std::array{"module.", "_orig_mod.", "model.", "net."},
        [&](const char* prefix) { return take_off_prefix(tensors, prefix); });
  };
  while (take_off_one()) {
  }
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

/// The zip archive: NAME/data.pkl, and each storage as NAME/data/KEY.
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
  if (ends("/constants.pkl") != names.end()) {
    throw ModelError(fmt::format(
        "{}: is TorchScript, a network with its weights: nothing need be imported. Write a card "
        "beside it and use it as it is (models/CARD.md)",
        file));
  }
  const std::string folder = pickle->substr(0, pickle->size() - kPickle.size());
  if (const std::string order = folder + "/byteorder";
      std::ranges::find(names, order) != names.end()) {
    const std::vector<char> text = archive.read(order, 64);
    if (std::string_view(text.data(), text.size()).starts_with("big")) {
      throw ModelError(fmt::format(
          "{}: was written by a big-endian machine. Save it anew on a little-endian one", file));
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

/// The format before it: five pickles, of which the fourth is what was saved and the last lists the
/// storages, which follow in that order, each behind its number of elements
/// (torch/serialization.py, _legacy_save).
StateDict read_legacy(std::string_view content, const std::string& key, const std::string& file) {
  // 0x1950a86a20f9469cfc6c, as whole numbers are pickled.
  constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  PickleReader reader(content, file);
  if (reader.read().text != kMagic) {
    throw ModelError(fmt::format("{}: is a pickle, but not of torch.save. {}", file, kAdvice));
  }
  for (int skipped = 0; skipped < 2; ++skipped) static_cast<void>(reader.read());
  const PickleValue& root = reader.read();
  const PickleValue& keys = reader.read();
  const PickleValue& dict = choose(root, key, file);
  // How many bytes a storage takes only those that refer to it say.
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
  const std::string file = path.string();
  StateDict tensors;
  if (const auto archive = core::ZipArchive::open_if_zip(path)) {
    tensors = read_archive(*archive, key, file);
  } else {
    const std::string content = read_text_file(path);
    if (!content.starts_with('\x80')) {
      throw ModelError(
          fmt::format("{}: is not a file of torch.save, or is cut off. {}", file, kAdvice));
    }
    tensors = read_legacy(content, key, file);
  }
  unwrap(tensors);
  return tensors;
}

}  // namespace relax_spectro
