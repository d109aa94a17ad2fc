#include "assess/systems.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "probe/calibration.hpp"

namespace relax_spectro {
namespace {

using Matrices = std::vector<const Array2d<double>*>;
using Combine = std::function<Array2d<double>(const Matrices&)>;

/// The mean over members of a function of a probability.
template <typename Of>
Array2d<double> mean_over(const Matrices& members, const Of& of) {
  Array2d<double> mean(members.front()->rows, members.front()->columns);
  for (const Array2d<double>* member : members) {
    for (std::size_t i = 0; i < mean.values.size(); ++i) mean.values[i] += of(member->values[i]);
  }
  for (double& value : mean.values) value /= static_cast<double>(members.size());
  return mean;
}

Array2d<double> arithmetic(const Matrices& members) { return mean_over(members, std::identity{}); }

Array2d<double> geometric(const Matrices& members) {
  return probabilities_of(mean_over(members, [](double probability) {
    return std::log(std::max(std::numeric_limits<double>::epsilon(), probability));
  }));
}

Array2d<double> votes(const Matrices& members) {
  Array2d<double> shares = arithmetic(members);
  for (const Array2d<double>* member : members) {
    const Rows decisions = decisions_of(*member);
    for (std::size_t i = 0; i < decisions.size(); ++i) shares(i, decisions[i]) += 1.0;
  }
  for (double& share : shares.values) share /= static_cast<double>(members.size() + 1);
  return shares;
}

Predictions combined(const std::vector<const Predictions*>& members, const Combine& combine) {
  Predictions all = *members.front();
  Matrices scaled;
  Matrices raw;
  for (const Predictions* member : members) {
    scaled.push_back(&member->probabilities);
    raw.push_back(&member->raw_probabilities);
  }
  all.probabilities = combine(scaled);
  all.raw_probabilities = combine(raw);
  return all;
}

}  // namespace

Predictions mean_of(const std::vector<const Predictions*>& members) {
  return combined(members, arithmetic);
}

Predictions geometric_mean_of(const std::vector<const Predictions*>& members) {
  return combined(members, geometric);
}

Predictions vote_of(const std::vector<const Predictions*>& members) {
  return combined(members, votes);
}

std::vector<System> systems_of(const std::vector<Member>& members, std::uint64_t seed) {
  std::vector<System> systems;
  const auto add = [&](const std::string& name, const Predictions& predictions) {
    systems.push_back({name, predictions, report_of(predictions, seed)});
  };
  std::vector<const Predictions*> all;
  for (const Member& member : members) {
    all.push_back(&member.predictions);
    add(member.name, member.predictions);
  }
  if (members.size() == 1) return systems;
  add("mean", mean_of(all));
  add("geometric mean", geometric_mean_of(all));
  add("vote", vote_of(all));
  return systems;
}

}  // namespace relax_spectro
