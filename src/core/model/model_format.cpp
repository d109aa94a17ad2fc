#include "model/model_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "files/input_file.hpp"
#include "files/zip_archive.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro::core {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeadBytes = 512;

/// The message for a file that cannot be used.
struct Refusal {
  ModelFormat format;
  std::string_view what;
  std::string_view advice;
};

constexpr std::string_view kExport =
    "Export the PyTorch network that it was made from as TorchScript, with scripts/export "
    "(models/README.md)";
constexpr std::string_view kFromPyTorch =
    "Networks of TensorFlow and Keras cannot be used: expected TorchScript, from PyTorch "
    "(models/README.md)";

constexpr std::string_view kImport =
    "Make a model of the weights with relax-spectro import (--list shows the architectures), or "
    "export your own network with scripts/export";
constexpr std::string_view kTorchSave =
    "holds a state dict or another object of torch.save, but no TorchScript network";

constexpr std::array kRefusals{
    Refusal{ModelFormat::torchscript, "is TorchScript, a network with its weights",
            "Nothing needs to be imported: "
            "write a card beside it and use it as it is (models/CARD.md)"},
    Refusal{ModelFormat::compiled_package,
            "is a compiled package, whose weights cannot be extracted",
            "Use it as it is, with a card beside it (models/CARD.md)"},
    Refusal{ModelFormat::state_dict, kTorchSave, kImport},
    Refusal{ModelFormat::legacy_state_dict, kTorchSave, kImport},
    Refusal{ModelFormat::exported_program, "is a program of torch.export, which is not compiled",
            "Export the network as TorchScript (scripts/export), "
            "or compile it with torch._inductor.aoti_compile_and_package"},
    Refusal{ModelFormat::mobile, "is a network for PyTorch Mobile", kExport},
    Refusal{ModelFormat::executorch, "is a network for ExecuTorch", kExport},
    Refusal{ModelFormat::onnx, "is an ONNX network", kExport},
    Refusal{ModelFormat::safetensors, "holds only weights, as safetensors", kImport},
    Refusal{ModelFormat::hdf5, "is an HDF5 file, as Keras writes networks", kFromPyTorch},
    Refusal{ModelFormat::tflite, "is a network for TensorFlow Lite", kFromPyTorch},
    Refusal{ModelFormat::tensorflow, "is a network of TensorFlow", kFromPyTorch},
    Refusal{ModelFormat::keras, "is a network of Keras", kFromPyTorch},
    Refusal{ModelFormat::pickle, "is a pickle, but not of torch.save",
            "Save the network's weights with torch.save(model.state_dict(), \"weights.pth\"), or "
            "export it with scripts/export"},
    Refusal{ModelFormat::lfs_pointer, "is a Git LFS pointer, not the file itself",
            "Get the file: git lfs pull"},
    Refusal{ModelFormat::web_page, "is a web page, not the file that should have been downloaded",
            "Download it again; the page may say why it failed"},
    Refusal{ModelFormat::packed, "is compressed", "Unpack it first"},
    Refusal{ModelFormat::cut_off_zip, "is truncated: it is a zip archive without an end",
            "Download or copy it again"},
    Refusal{ModelFormat::other_zip, "is a zip archive, but not of PyTorch",
            "Expected TorchScript, as torch.jit.save writes it, or weights of torch.save or "
            "safetensors"},
    Refusal{ModelFormat::text, "is text",
            "Expected TorchScript, as torch.jit.save writes it, or weights of torch.save or "
            "safetensors. If it was downloaded, the text may say why that failed"},
    Refusal{ModelFormat::unknown, "is of no known format",
            "Expected TorchScript, as torch.jit.save writes it, or weights of torch.save or "
            "safetensors (models/README.md)"}};

/// What a name says about a file whose content says nothing.
struct Ending {
  std::string_view ending;
  ModelFormat format;
};

constexpr std::array kEndings{
    Ending{".onnx", ModelFormat::onnx},     Ending{".tflite", ModelFormat::tflite},
    Ending{".pb", ModelFormat::tensorflow}, Ending{".h5", ModelFormat::hdf5},
    Ending{".keras", ModelFormat::keras},   Ending{".safetensors", ModelFormat::safetensors}};

/// The format that a file's ending says.
ModelFormat format_of_name(const std::filesystem::path& path) {
  const std::string ending = lower_case(path.extension().string());
  const auto* named = std::ranges::find(kEndings, ending, &Ending::ending);
  return named == kEndings.end() ? ModelFormat::unknown : named->format;
}

[[noreturn]] void refuse(const std::filesystem::path& path, ModelFormat format) {
  const ModelFormat named = format_of_name(path);
  const bool by_name = format == ModelFormat::unknown && named != ModelFormat::unknown;
  const auto* refusal = std::ranges::find(kRefusals, by_name ? named : format, &Refusal::format);
  throw ModelError(fmt::format("{}: {}{}. {}", path.string(), by_name ? "by its name, " : "",
                               refusal->what, refusal->advice));
}

ModelFormat format_of_zip(const std::vector<std::string>& names) {
  const auto any = [&names](std::string_view part) {
    return std::ranges::any_of(names, [part](const std::string& name) {
      return ("/" + name).find(part) != std::string::npos;
    });
  };
  if (any("/aotinductor/")) return ModelFormat::compiled_package;
  if (any("/models/model.json") || any("/serialized_exported_program.json")) {
    return ModelFormat::exported_program;
  }
  // LibTorch also reads the format before 1.4, which had a model.json.
  if (any("/code/") && (any("/constants.pkl") || any("/model.json"))) {
    return ModelFormat::torchscript;
  }
  if (any("/bytecode.pkl")) return ModelFormat::mobile;
  if (any("/data.pkl")) return ModelFormat::state_dict;
  if (any("/model.weights.h5")) return ModelFormat::keras;
  return ModelFormat::other_zip;
}

bool is_text(std::string_view head) {
  return std::ranges::none_of(head, [](char byte) {
    return (static_cast<unsigned char>(byte) < ' ' &&
            "\t\n\r\f"sv.find(byte) == std::string::npos) ||
           byte == '\x7f';
  });
}

/// protobuf: field 1 is the format version, and other fields follow.
ModelFormat format_of_protobuf(std::string_view head) {
  constexpr char kOldestOnnx = 3;
  constexpr char kNewestOnnx = 31;
  if (head.size() < 4 || head[0] != '\x08') return ModelFormat::unknown;
  if (head[1] == 1 && head[2] == '\x12') return ModelFormat::tensorflow;
  if (head[1] < kOldestOnnx || head[1] > kNewestOnnx) return ModelFormat::unknown;
  const bool has_producer = head[2] == '\x12' && head.size() > 4 && head[4] > ' ' && head[4] <= '~';
  return has_producer || head[2] == '\x3a' || head[2] == '\x42' ? ModelFormat::onnx
                                                                : ModelFormat::unknown;
}

/// Eight bytes with the size of a JSON header, the header, then the numbers.
bool is_safetensors(std::string_view head) {
  constexpr std::size_t kCountBytes = 8;
  return head.size() > kCountBytes && head[kCountBytes] == '{' &&
         head.substr(5, 3) == "\0\0\0"sv;  // a header below 2^40 bytes
}

/// Before torch.save wrote zip archives, its files began with a pickled magic number.
ModelFormat format_of_pickle(std::string_view head) {
  constexpr std::size_t kMagicEnd = 64;
  constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";
  return head.substr(0, kMagicEnd).find(kMagic) == std::string_view::npos
             ? ModelFormat::pickle
             : ModelFormat::legacy_state_dict;
}

struct Signature {
  std::size_t place;
  std::string_view bytes;
  ModelFormat format;
};

constexpr std::array kSignatures{
    Signature{0, "PK\x03\x04"sv, ModelFormat::cut_off_zip},
    Signature{0, "version https://git-lfs"sv, ModelFormat::lfs_pointer},
    Signature{0, "\x89HDF\r\n\x1a\n"sv, ModelFormat::hdf5},
    Signature{4, "TFL3"sv, ModelFormat::tflite},
    Signature{4, "ET12"sv, ModelFormat::executorch},
    Signature{4, "PTMF"sv, ModelFormat::mobile},
    Signature{0, "\x1f\x8b"sv, ModelFormat::packed},
    Signature{0, "BZh"sv, ModelFormat::packed},
    Signature{0,
              "\xfd"
              "7zXZ"sv,
              ModelFormat::packed},
    Signature{0, "\x28\xb5\x2f\xfd"sv, ModelFormat::packed},
    Signature{0, "7z\xbc\xaf"sv, ModelFormat::packed},
    Signature{0, "Rar!"sv, ModelFormat::packed},
    Signature{257, "ustar"sv, ModelFormat::packed}};

ModelFormat format_of_head(std::string_view head) {
  // First, because the size that begins the file can look like the start of any other format.
  if (is_safetensors(head)) return ModelFormat::safetensors;
  for (const Signature& signature : kSignatures) {
    if (head.size() >= signature.place + signature.bytes.size() &&
        head.substr(signature.place).starts_with(signature.bytes)) {
      return signature.format;
    }
  }
  if (head.starts_with('\x80')) return format_of_pickle(head);
  if (is_text(head)) {
    const std::string lower = lower_case(std::string(head));
    return lower.find("<!doctype html") != std::string::npos ||
                   lower.find("<html") != std::string::npos
               ? ModelFormat::web_page
               : ModelFormat::text;
  }
  return format_of_protobuf(head);
}

}  // namespace

ModelFormat model_format_of(const std::filesystem::path& path) {
  if (const auto archive = ZipArchive::open_if_zip(path)) return format_of_zip(archive->names());
  std::string head(kHeadBytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (file.bad()) throw IoError(fmt::format("{}: cannot be read", path.string()));
  head.resize(static_cast<std::size_t>(file.gcount()));
  return format_of_head(head);
}

void require_network(const std::filesystem::path& path) {
  const ModelFormat format = model_format_of(path);
  if (format != ModelFormat::torchscript && format != ModelFormat::compiled_package) {
    refuse(path, format);
  }
}

ModelFormat require_weights(const std::filesystem::path& path) {
  ModelFormat format = model_format_of(path);
  if (format == ModelFormat::unknown && format_of_name(path) == ModelFormat::safetensors) {
    format = ModelFormat::safetensors;
  }
  constexpr std::array kWeights{ModelFormat::state_dict, ModelFormat::legacy_state_dict,
                                ModelFormat::safetensors};
  if (std::ranges::find(kWeights, format) == kWeights.end()) refuse(path, format);
  return format;
}

}  // namespace relax_spectro::core
