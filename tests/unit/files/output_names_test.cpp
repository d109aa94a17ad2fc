#include "files/output_names.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;

namespace {

std::vector<std::string> stems(const std::vector<std::filesystem::path>& paths) {
  return unique_stems(paths);
}

}  // namespace

TEST_CASE("a recording's results have its stem") {
  CHECK(stems({"a/dog.wav", "a/cat.ogg"}) == std::vector<std::string>{"dog", "cat"});
}

TEST_CASE("recordings of one stem are told apart by ending, then by folder") {
  CHECK(stems({"a/dog.wav", "a/dog.flac", "a/cat.wav"}) ==
        std::vector<std::string>{"dog_wav", "dog_flac", "cat"});
  CHECK(stems({"day/dog.wav", "night/dog.wav"}) ==
        std::vector<std::string>{"day_dog_wav", "night_dog_wav"});
  CHECK(stems({"1/x/dog.wav", "2/x/dog.wav"}) ==
        std::vector<std::string>{"1_x_dog_wav", "2_x_dog_wav"});
}

TEST_CASE("names that differ in case alone count as one") {
  CHECK(stems({"dog.wav", "Dog.flac"}) == std::vector<std::string>{"dog_wav", "Dog_flac"});
  const auto twins = stems({"here/dog.wav", "here/DOG.WAV", "here/cat.wav"});
  CHECK(twins == stems({"there/dog.wav", "there/DOG.WAV", "there/cat.wav"}));
  CHECK_THAT(twins[0], Catch::StartsWith("dog~"));
  CHECK_THAT(twins[1], Catch::StartsWith("DOG~"));
  CHECK(twins[0].substr(4) != twins[1].substr(4));
  CHECK(twins[2] == "cat");
  for (const std::vector<std::filesystem::path>& alike :
       {std::vector<std::filesystem::path>{"Site/one.wav", "site/one.wav"}, {"/", "."}}) {
    CHECK(stems(alike)[0] != stems(alike)[1]);
  }
}

TEST_CASE("a stem leaves room for the endings of all stages") {
  const std::string same(230, 'n');
  const auto names =
      stems({same + "1.wav", same + "2.wav", std::string(115, '\xc3') + "short.wav"});
  for (const std::string& name : names) CHECK(name.size() <= 225);
  CHECK(names[0] != names[1]);
  CHECK(stems({same + "1.wav"}).front() == names[0]);
}

TEST_CASE("a name made longer never meets another") {
  const auto names = stems({"dog.wav", "dog.flac", "dog_wav.ogg"});
  CHECK(names[0] != names[2]);
}

TEST_CASE("a name that stages write beside another result is made longer") {
  CHECK(stems({"dog.wav", "dog.flip.ogg", "dog.Sanity.wav", "summary.wav"}) ==
        std::vector<std::string>{"dog", "dog.flip_ogg", "dog.Sanity_wav", "summary"});
  CHECK(stems({"dog.flipped.wav", "mean.wav"}) == std::vector<std::string>{"dog.flipped", "mean"});
  CHECK(stems({"a/dog.mean.wav", "b/dog.mean.wav"}) ==
        std::vector<std::string>{"a_dog.mean_wav", "b_dog.mean_wav"});
}

TEST_CASE("the same file twice is refused") {
  CHECK_THROWS_AS(stems({"a/dog.wav", "a/./dog.wav"}), ConfigError);
}
