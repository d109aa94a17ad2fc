#include "base/in_parallel.hpp"

#include <cstddef>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.hpp"

using namespace relax_spectro;

TEST_CASE("results of parallel work are in order, and each is told") {
  std::vector<std::size_t> told;
  const std::vector<std::size_t> squares = core::in_parallel(
      100, [](std::size_t i) { return i * i; }, [&](std::size_t done) { told.push_back(done); });
  for (std::size_t i = 0; i < 100; ++i) CHECK(squares[i] == i * i);
  std::vector<std::size_t> counted(100);
  std::iota(counted.begin(), counted.end(), std::size_t{1});
  CHECK(told == counted);
  CHECK(core::in_parallel(0, [](std::size_t i) { return i; }).empty());
}

TEST_CASE("of several errors in parallel work, the first is thrown") {
  const auto fail = [](std::size_t i) -> int {
    if (i >= 20) throw std::runtime_error(std::to_string(i));
    return 0;
  };
  CHECK_THROWS_WITH(core::in_parallel(100, fail), Catch::Equals("20"));
}
