#include "core/occlusion/batch_sizes.hpp"

#include <functional>
#include <utility>

#include "relax_spectro/base/error.hpp"
#include "support/catch.hpp"

using namespace relax_spectro;
using core::BatchSizes;

namespace {

constexpr std::size_t kMuchLeft = 1000000;

/// Runs many batches on a machine that takes `seconds(size)` a window, `fused` times as many where
/// they are fused, and gives the last form.
BatchForm form_chosen(BatchSizes sizes, const std::function<double(double size)>& seconds,
                      double fused) {
  BatchForm form;
  for (int batch = 0; batch < 400; ++batch) {
    form = sizes.next(kMuchLeft);
    sizes.measured(form, seconds(static_cast<double>(form.size)) * (form.fused ? fused : 1.0));
  }
  return form;
}

/// The same where fused batches are slow.
std::size_t size_chosen(BatchSizes sizes, const std::function<double(double size)>& seconds) {
  const BatchForm form = form_chosen(std::move(sizes), seconds, 2.0);
  CHECK_FALSE(form.fused);
  return form.size;
}

/// Runs a number of batches that take `seconds` a window each, and checks in which form.
void check_runs(BatchSizes& sizes, int batches, std::size_t windows_left, BatchForm form,
                double seconds) {
  for (int batch = 0; batch < batches; ++batch) {
    CHECK(sizes.next(windows_left) == form);
    sizes.measured(form, seconds);
  }
}

}  // namespace

TEST_CASE("a schedule is read and written, and its last size goes on") {
  const BatchSchedule schedule = BatchSchedule::parse("16x3,8fx1,8,32f");
  CHECK(schedule.to_string() == "16x3,8fx1,8x1,32f");
  CHECK(schedule.form_of(0) == BatchForm{16, false});
  CHECK(schedule.form_of(2) == BatchForm{16, false});
  CHECK(schedule.form_of(3) == BatchForm{8, true});
  CHECK(schedule.form_of(4) == BatchForm{8, false});
  CHECK(schedule.form_of(5) == BatchForm{32, true});
  CHECK(schedule.form_of(4000) == BatchForm{32, true});
  CHECK(BatchSchedule::parse("5").to_string() == "5");
  for (const char* text :
       {"", "0", "x", "16x", "16,,8", "16x3;8", "f", "16ff", "16xf", "-1", "65537", "1e3"}) {
    INFO(text);
    CHECK_THROWS_AS(BatchSchedule::parse(text), ConfigError);
  }
}

TEST_CASE("a schedule is followed to the letter") {
  BatchSizes sizes(BatchSchedule::parse("16x2,4f"), {{8, false}, 8, 10}, 1000, 2);
  CHECK(sizes.next(kMuchLeft) == BatchForm{16, false});
  CHECK(sizes.next(kMuchLeft) == BatchForm{16, false});
  CHECK(sizes.next(kMuchLeft) == BatchForm{4, true});
  CHECK(sizes.next(kMuchLeft) == BatchForm{4, true});
}

TEST_CASE("batches are fused where the work ahead can earn it back, in runs to come, too") {
  BatchSizes sizes({}, {{16, false}, 8, 50}, 1000, 2);
  CHECK(sizes.next(99) == BatchForm{16, false});
  CHECK(sizes.next(9, 90) == BatchForm{16, false});
  CHECK(sizes.next(10, 90) == BatchForm{8, true});
  CHECK(sizes.next(1) == BatchForm{8, true});
}

TEST_CASE("longer work finds out whether batches should be fused") {
  BatchSizes sizes({}, {{16, false}, 8, 50}, 1000, 2);
  check_runs(sizes, 20, 3999, {8, true}, 2.0);
  check_runs(sizes, 8, 4000, {16, false}, 1.0);
  check_runs(sizes, 6, 4000, {8, true}, 2.0);
  CHECK(sizes.next(100) == BatchForm{16, false});
}

TEST_CASE("a trial has full batches") {
  BatchSizes sizes({}, {{8, true}, 8, 10}, 1000, 2);
  check_runs(sizes, 8, kMuchLeft, {8, true}, 1.0);
  CHECK(sizes.next(3, kMuchLeft) == BatchForm{8, true});
  CHECK(sizes.next(4, kMuchLeft) == BatchForm{4, true});
}

TEST_CASE("while one worker compiles a new form, the others go on with the best one so far") {
  BatchSizes sizes({}, {{8, true}, 8, 10}, 1000, 2);
  check_runs(sizes, 8, kMuchLeft, {8, true}, 1.0);
  CHECK(sizes.next(kMuchLeft) == BatchForm{4, true});
  for (int batch = 0; batch < 5; ++batch) CHECK(sizes.next(kMuchLeft) == BatchForm{8, true});
  sizes.measured({4, true}, 20.0);
  for (int batch = 0; batch < 7; ++batch) CHECK(sizes.next(kMuchLeft) == BatchForm{4, true});
  CHECK(sizes.next(kMuchLeft) == BatchForm{8, true});
}

TEST_CASE("the fastest size is found") {
  const BatchSizes sizes({}, {{16, false}, 16, 10}, 1000, 2);
  CHECK(size_chosen(sizes, [](double) { return 1.0; }) == 16);
  // Larger batches pay up to 64.
  CHECK(size_chosen(sizes, [](double size) { return size > 64 ? 9.0 : 1.0 / size; }) == 64);
  // Smaller ones do: down to 4.
  CHECK(size_chosen(sizes, [](double size) { return size < 4 ? 99.0 : 1.0 * size; }) == 4);
  // A gain within the machine's noise is none.
  CHECK(size_chosen(sizes, [](double size) { return size == 32 ? 0.97 : 1.0; }) == 16);
}

TEST_CASE("batches are fused where that pays, and their size is chosen then") {
  const BatchSizes sizes({}, {{16, false}, 16, 10}, 1000, 2);
  const auto alike = [](double) { return 1.0; };
  CHECK(form_chosen(sizes, alike, 0.7) == BatchForm{16, true});
  CHECK(form_chosen(sizes, alike, 1.03) == BatchForm{16, true});  // the machine's noise
  CHECK(form_chosen(sizes, alike, 1.3) == BatchForm{16, false});
  CHECK(form_chosen(
            sizes, [](double size) { return size < 4 ? 99.0 : size; }, 0.7) == BatchForm{4, true});
  const auto larger_ones = [](double size) { return size > 64 ? 9.0 : 1.0 / size; };
  CHECK(form_chosen(sizes, larger_ones, 0.7) == BatchForm{64, true});
}

TEST_CASE("a trial whose batches have failed is taken up again") {
  BatchSizes sizes({}, {{8, true}, 8, 10}, 1000, 2);
  check_runs(sizes, 8, kMuchLeft, {8, true}, 1.0);
  CHECK(sizes.next(kMuchLeft) == BatchForm{4, true});
  CHECK(sizes.next(kMuchLeft) == BatchForm{8, true});
  sizes.none_under_way();
  CHECK(sizes.next(kMuchLeft) == BatchForm{4, true});
}

TEST_CASE("where there are no fused batches, sizes alone are tried") {
  const BatchSizes sizes({}, {{16, false}, 0, 10}, 1000, 2);
  CHECK(size_chosen(sizes, [](double size) { return size > 64 ? 9.0 : 1.0 / size; }) == 64);
}

TEST_CASE("where fused batches are known to be faster they come first") {
  const BatchSizes sizes({}, {{8, true}, 8, 10}, 1000, 2);
  CHECK(BatchSizes(sizes).next(1) == BatchForm{8, true});
  CHECK(form_chosen(
            sizes, [](double size) { return size > 32 ? 9.0 : 2.0 - size / 20.0; }, 0.5) ==
        BatchForm{32, true});
}

TEST_CASE("the size of fused batches is searched both ways from the one that is tried first") {
  const BatchSizes sizes({}, {{16, false}, 8, 10}, 1000, 2);
  CHECK(form_chosen(
            sizes, [](double) { return 1.0; }, 0.7) == BatchForm{8, true});
  CHECK(form_chosen(
            sizes, [](double size) { return size < 4 ? 99.0 : size; }, 0.7) == BatchForm{4, true});
  const auto up_to_32 = [](double size) { return size > 32 ? 9.0 : 2.0 - size / 20.0; };
  CHECK(form_chosen(sizes, up_to_32, 0.5) == BatchForm{32, true});
}

TEST_CASE("a new size's first batches, which make its kernels, do not count") {
  std::size_t first_batches = 0;
  const auto seconds = [&first_batches](double size) {
    if (size != 32) return 1.0;
    return ++first_batches <= 2 ? 50.0 : 0.5;
  };
  CHECK(size_chosen(BatchSizes({}, {{16, false}, 16, 10}, 1000, 2), seconds) == 32);
}

TEST_CASE("no size goes beyond the limit") {
  CHECK(size_chosen(BatchSizes({}, {{16, false}, 16, 10}, 40, 2),
                    [](double size) { return 1.0 / size; }) == 32);
  CHECK(size_chosen(BatchSizes({}, {{16, false}, 16, 10}, 6, 2), [](double) { return 1.0; }) == 6);
  BatchSizes sizes({}, {{16, false}, 16, 10}, 1000, 2);
  sizes.limit(3);
  CHECK(size_chosen(sizes, [](double size) { return 1.0 / size; }) == 3);
}
