"""Share of a map that lies where it should."""

from dataclasses import dataclass

import numpy as np


@dataclass
class Measure:
    """Measures of one map."""

    mass: float
    pointing: bool
    masks: int | None = None
    noise_to_contrast: float | None = None


class NoRelevance(Exception):
    pass


def mass_and_pointing(values, time_s, span_s):
    """Returns the share of the positive values [frequency, time] in a span, and whether the peak lies there.

    NaN is left out. The place of a peak of several bins is their mean time.
    """
    positive = np.where(np.isnan(values), 0.0, np.maximum(values, 0.0))
    total = positive.sum()
    if not total > 0:
        raise NoRelevance("the map is nowhere positive")
    inside = (time_s >= span_s[0]) & (time_s < span_s[1])
    peak_s = time_s[np.nonzero(positive == positive.max())[1]].mean()
    return float(positive[:, inside].sum() / total), bool(span_s[0] <= peak_s < span_s[1])


def loudness(spectrogram):
    return np.asarray(spectrogram, float) - np.min(spectrogram)
