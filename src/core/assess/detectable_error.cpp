#include "assess/detectable_error.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <map>

namespace relax_spectro {
namespace {

constexpr double kPower = 0.8;

double log_choose(double n, double k) {
  return std::lgamma(n + 1.0) - std::lgamma(k + 1.0) - std::lgamma(n - k + 1.0);
}

/// The probability that at least `in_part` of the errors are in the part, if all trials are equally
/// likely to be errors: the upper tail of the hypergeometric distribution.
double upper_tail(std::size_t part, std::size_t rest, std::size_t errors, std::size_t in_part) {
  const auto n = static_cast<double>(part);
  const auto others = static_cast<double>(rest);
  const auto k = static_cast<double>(errors);
  auto x = static_cast<double>(in_part);
  double term = std::exp(log_choose(n, x) + log_choose(others, k - x) - log_choose(n + others, k));
  double sum = 0.0;
  for (; x <= std::min(n, k) && term > 0.0; x += 1.0) {
    sum += term;
    term *= (n - x) * (k - x) / ((x + 1.0) * (others - k + x + 1.0));
    if (term < sum * 1e-12) break;
  }
  return sum;
}

/// The probability of each number of errors in the part that is just significant. It depends on the
/// number of errors in the rest, which is binomial.
std::map<std::size_t, double> critical_errors(double error, std::size_t part, std::size_t rest,
                                              double alpha) {
  std::map<std::size_t, double> critical;
  const boost::math::binomial in_rest(static_cast<double>(rest), error);
  const double sd = std::sqrt(static_cast<double>(rest) * error * (1.0 - error));
  const double first = std::max(0.0, std::floor(mean(in_rest) - 6.0 * sd));
  const double last = std::min(static_cast<double>(rest), std::ceil(mean(in_rest) + 6.0 * sd));
  std::size_t least = 0;  // it grows with the errors in the rest
  for (double y = first; y <= last; y += 1.0) {
    const auto others = static_cast<std::size_t>(y);
    while (least <= part && upper_tail(part, rest, others + least, least) > alpha / 2.0) ++least;
    critical[least] += pdf(in_rest, y);
  }
  return critical;
}

}  // namespace

std::optional<double> detectable_error(double error, std::size_t part, std::size_t rest,
                                       double alpha) {
  const auto critical = critical_errors(error, part, rest, alpha);
  const auto power = [&](double share) {
    const boost::math::binomial in_part(static_cast<double>(part), share);
    double sum = 0.0;
    for (const auto& [least, probability] : critical) {
      if (least <= part) {
        sum += probability *
               (least == 0 ? 1.0 : cdf(complement(in_part, static_cast<double>(least) - 1.0)));
      }
    }
    return sum;
  };
  if (power(1.0) < kPower) return std::nullopt;
  double low = error;
  double high = 1.0;
  while (high - low > 1e-6) {
    const double middle = (low + high) / 2.0;
    (power(middle) < kPower ? low : high) = middle;
  }
  return high;
}

}  // namespace relax_spectro
