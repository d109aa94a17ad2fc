#include "results/result_folder.hpp"

#include <vector>

#include "relax_spectro/base/error.hpp"
#include "relax_spectro/files/output_file.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace relax_spectro;
namespace fs = std::filesystem;

namespace {

constexpr const char* kResult = R"({"format": "relax-spectro result"})";

void put_text(const fs::path& path, const char* text) {
  write_text_file(path, text, Overwrite::no);
}

std::vector<std::string> names_of(const std::vector<NamedResult>& results) {
  std::vector<std::string> names;
  for (const NamedResult& result : results) names.push_back(result.name);
  return names;
}

}  // namespace

TEST_CASE("the results of a folder are found below it, damaged ones too, and nothing else") {
  const test::TemporaryFolder folder;
  put_text(folder / "out/b.json", kResult);
  put_text(folder / "out/night/a.json", kResult);
  put_text(folder / "out/cut.json", "{\"format\": ");
  put_text(folder / "out/b.flip.json", R"({"format": "relax-spectro flip"})");
  put_text(folder / "out/cut.flip.json", "{");
  put_text(folder / "out/other.json", "{}");
  put_text(folder / "out/.c.1.partial.json", kResult);
  put_text(folder / "out/notes.txt", "notes");
  const std::vector<fs::path> named{folder / "out"};
  const std::vector<NamedResult> results = named_results(named);
  CHECK(names_of(results) == std::vector<std::string>{"b", "cut", "night/a"});
  CHECK(results[2].json_path == folder / "out/night/a.json");
}

TEST_CASE("the arrays of a result are not taken for the result") {
  const test::TemporaryFolder folder;
  put_text(folder / "b.npz", "");
  const std::vector<fs::path> named{folder / "b.npz"};
  CHECK_THROWS_WITH(named_results(named), Catch::Contains((folder / "b.json").string()));
}

TEST_CASE("results that are links are called as the links are") {
  const test::TemporaryFolder folder;
  put_text(folder / "store/x.json", kResult);
  fs::create_directory(folder / "out");
  fs::create_symlink(folder / "store/x.json", folder / "out/a.json");
  fs::create_symlink(folder / "store/x.json", folder / "out/b.json");
  const std::vector<fs::path> named{folder / "out/"};  // also with a trailing slash
  CHECK(names_of(named_results(named)) == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a result that is called as a test is one all the same") {
  const test::TemporaryFolder folder;
  put_text(folder / "dog.flip.json", kResult);
  put_text(folder / "owl.flip.json", R"({"format": "relax-spectro flip"})");
  const std::vector<fs::path> below{folder / ""};
  CHECK(names_of(named_results(below)) == std::vector<std::string>{"dog.flip"});
  const std::vector<fs::path> named{folder / "owl.flip.json", folder / "dog.flip.json"};
  CHECK(names_of(named_results(named)) == std::vector<std::string>{(folder / "dog.flip").string()});
}

TEST_CASE("results that are named one by one keep their names and their order") {
  const test::TemporaryFolder folder;
  put_text(folder / "b.json", kResult);
  put_text(folder / "b.flip.json", R"({"format": "relax-spectro flip"})");
  put_text(folder / "more/a.json", kResult);
  const std::vector<fs::path> named{folder / "b.json", folder / "b.flip.json", folder / "more"};
  CHECK(names_of(named_results(named)) ==
        std::vector<std::string>{(folder / "b").string(), (folder / "more/a").string()});
}

TEST_CASE("no result, and what is not there, are refused") {
  const test::TemporaryFolder folder;
  fs::create_directory(folder / "empty");
  const std::vector<fs::path> empty{folder / "empty"};
  CHECK_THROWS_WITH(named_results(empty), Catch::Contains("empty: no result"));
  const std::vector<fs::path> missing{folder / "missing"};
  CHECK_THROWS_WITH(named_results(missing), Catch::Contains("missing: no such file"));
}
