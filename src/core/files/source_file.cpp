#include "relax_spectro/files/source_file.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>

#include "base/text.hpp"
#include "files/input_file.hpp"
#include "relax_spectro/base/error.hpp"

namespace relax_spectro {

SourceFile source_file(const std::filesystem::path& path) { return {path, sha256_of_file(path)}; }

std::string sha256_of_file(const std::filesystem::path& path) {
  core::require_readable_file(path);
  const std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> context(EVP_MD_CTX_new(),
                                                                   &EVP_MD_CTX_free);
  bool working = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  std::ifstream file(path, std::ios::binary);
  std::array<char, 65536> block{};
  while (working && file) {
    file.read(block.data(), block.size());
    working =
        EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(file.gcount())) == 1;
  }
  if (file.bad()) throw IoError(fmt::format("{}: cannot be read", path.string()));
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  working = working && EVP_DigestFinal_ex(context.get(), digest.data(), &length) == 1;
  if (!working) throw Error(fmt::format("{}: OpenSSL could not compute a SHA-256", path.string()));
  std::string text;
  for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

void require_sha256(const std::filesystem::path& path, const std::string& sha256) {
  const std::string actual = sha256_of_file(path);
  if (actual == core::lower_case(sha256)) return;
  throw ModelError(
      fmt::format("{}: is not the expected file: --sha256 is {}, but the file has SHA-256 {}. "
                  "Get the right file. If you trust this one, leave out --sha256",
                  path.string(), sha256, actual));
}

}  // namespace relax_spectro
