#include "saliency/mask_sample.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "base/ridge_regression.hpp"
#include "masks/mask.hpp"
#include "saliency/mask_patches.hpp"

namespace relax_spectro {

MaskSample::MaskSample(const MaskLaw& law, const MaskDesign& design, MaskRange range)
    : law_(law), design_(design), range_(range) {}

MaskSample::~MaskSample() = default;

Array2d<double> MaskSample::kept_of(MaskRange range) const {
  MaskSums sums(law_);
  for (std::size_t n = range.begin; n < range.end; ++n) sums.add(design_.mask(n), 1.0);
  return sums.expand();
}

const Array2d<double>& MaskSample::kept() const {
  if (!kept_) kept_ = kept_of(range_);
  return *kept_;
}

const std::vector<MaskBlock>& MaskSample::blocks() const {
  if (blocks_.empty()) {
    for (const MaskRange block : design_.blocks(range_)) {
      blocks_.push_back({block, kept_of(block)});
    }
  }
  return blocks_;
}

const core::MaskPatches& MaskSample::patches() const {
  if (!patches_) patches_ = std::make_unique<core::MaskPatches>(law_);
  return *patches_;
}

const core::RidgeRegression& MaskSample::ridge() const {
  if (!ridge_) {
    const auto write = [this](std::size_t row, std::span<double> features) {
      patches().write_features(design_.mask(range_.begin + row), features);
    };
    ridge_ = std::make_unique<core::RidgeRegression>(
        core::FeatureRows{range_.size(), patches().count(), write});
  }
  return *ridge_;
}

const MaskSample& core::SharedMasks::sample(MaskRange range) {
  const auto found = std::ranges::find(last_, range, &MaskSample::range);
  if (found != last_.end()) {
    last_.splice(last_.begin(), last_, found);
  } else {
    last_.emplace_front(set_->law, *set_->design, range);
    if (last_.size() > 2) last_.pop_back();
  }
  return last_.front();
}

}  // namespace relax_spectro
