"""Intervals and tests on targets, which may come in dependent groups."""

import math

import numpy as np

Z_95 = 1.959964
# With fewer, resamples differ too little. The interval of two holds the true mean half of the time.
FEWEST_FOR_INTERVAL = 5


def bootstrap_interval(values, groups, seed, resamples=10_000, level=0.95):
    """Percentile interval of the mean. None for fewer than five groups.

    It draws whole groups, because values of one group are not independent.
    """
    if len(set(groups)) < FEWEST_FOR_INTERVAL:
        return None
    values, groups = np.asarray(values, float), np.asarray(groups)
    _, index = np.unique(groups, return_inverse=True)
    sums, counts = np.bincount(index, values), np.bincount(index)
    drawn = np.random.default_rng(seed).integers(len(sums), size=(resamples, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    tail = (1 - level) / 2
    return float(np.quantile(means, tail)), float(np.quantile(means, 1 - tail))


def wilson_interval(hits, count, z=Z_95):
    """Wilson's score interval of a rate. None for fewer than five."""
    if count < FEWEST_FOR_INTERVAL:
        return None
    rate = hits / count
    middle = (rate + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(rate * (1 - rate) / count + (z / (2 * count)) ** 2)
    return max(0.0, middle - half), min(1.0, middle + half)


def sign_test(differences):
    """Two-sided exact p that differences are equally often above and below zero. Zeros are ignored."""
    above = sum(bool(difference > 0) for difference in differences)  # Python's integers do not overflow
    below = sum(bool(difference < 0) for difference in differences)
    count = above + below
    tail = sum(math.comb(count, k) for k in range(min(above, below) + 1))
    return min(1.0, 2 * tail / 2**count)
