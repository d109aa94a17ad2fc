"""The error of a map against a reference of very many masks."""

import numpy as np

from . import tool

REFERENCE_SEED = 999_983


class Map:
    """The map of one window, and the reported noise."""

    def __init__(self, arrays, window):
        frames = slice(window["begin_frame"], window["begin_frame"] + window["frames"])
        self.importance = arrays["importance"][:, frames]
        self.standard_error = arrays["standard_error"][:, frames]
        self.noise_to_contrast = window["noise_to_contrast"] or np.inf
        self.degrees = window["blocks"] - 1
        self.name = f"{window['first_frame_s']:.2f} s"

    def noise_variance(self):
        """Noise of the map less its mean, from its ratio h to the contrast: h^2 = noise / (variance - noise)."""
        squared = self.noise_to_contrast**2
        return float(np.var(self.importance) * squared / (1 + squared))

    def signal_variance(self):
        return float(np.var(self.importance)) - self.noise_variance()


def explain_windows(recording, model, *options):
    """Returns the maps of the windows that share no frame with others, and the JSON of the run."""
    arrays, how, _ = tool.explain(recording, model, *options)
    windows = how["windows"]
    ends = [0] + [window["begin_frame"] + window["frames"] for window in windows]
    maps = [Map(arrays, window) for window, end in zip(windows, ends) if window["begin_frame"] >= end]
    return maps, how


def reference_windows(recording, model, masks, *options):
    return explain_windows(recording, model, "--masks", masks, "--seed", REFERENCE_SEED, "--design", "sobol",
                           "--estimator", "regression", *options)[0]


def squared_contrast_error(importance, reference):
    """Mean square difference of both maps less their means, over the reference's variance.

    The noise of the reference is subtracted from both.
    """
    difference = importance - importance.mean() - reference.importance + reference.importance.mean()
    return (np.mean(difference**2) - reference.noise_variance()) / reference.signal_variance()


def squared_total_error(importance, reference):
    difference = importance - reference.importance
    noise = np.mean(reference.standard_error**2)
    return (np.mean(difference**2) - noise) / reference.signal_variance()
