"""Compares relax-spectro's input of a network with that of the user's own front end."""

from dataclasses import dataclass

import numpy as np

from .ending import FAILURE, Stop

INPUT_TOLERANCE, OUTPUT_TOLERANCE, SINGLE_PRECISION = 5e-5, 1e-4, 1e-6
# Allowed difference, over that of samples moved in their last digit. Measured with torch.stft in single precision: 9.
ROUNDING = 16


@dataclass
class Seen:
    """relax-spectro's spectrogram of a recording with a card."""

    spectrogram: np.ndarray  # [frequency, time]
    moved: np.ndarray  # change if the last digit of the samples moves


def array_of(returned, what):
    """The output of a front end as an array of float32."""
    if hasattr(returned, "detach"):
        returned = returned.detach().cpu().numpy()
    try:
        given = np.asarray(returned)
    except (TypeError, ValueError):
        given = None
    if given is None or given.dtype.kind not in "fiu" or given.ndim < 2 or given.size == 0:
        shape = "" if given is None or given.dtype.kind == "O" else f" of shape {given.shape} and type {given.dtype}"
        raise Stop(f"{what}: returned {type(returned).__name__}{shape}; expected an array or a tensor of real numbers: what "
                   "you give to the module", FAILURE)
    return given.astype(np.float32)


def begins_of(card, frames):
    """The first frames of windows a hop apart, and of one that ends with the recording."""
    window = min(card["input"]["window_frames"], frames)
    hop = card["input"].get("hop_frames", card["input"]["window_frames"])
    begins = list(range(0, frames - window + 1, hop))
    return begins if begins[-1] == frames - window else [*begins, frames - window]


def takes_its_own_level(card):
    """Whether each window is changed by its own level."""
    front_end = card["front_end"]
    return bool(front_end.get("log", {}).get("range")) or front_end.get("normalisation", {}).get("window", "none") != "none"


def network_window(window, card):
    """What the network gets of a part of relax-spectro's spectrogram (models/CARD.md, log.range and normalisation)."""
    if not takes_its_own_level(card):
        return window
    normalisation = {"subtract": 0.0, "divide": 1.0, "window": "none", **card["front_end"].get("normalisation", {})}
    levels = window.astype(float) * normalisation["divide"] + normalisation["subtract"]
    if lowest := card["front_end"].get("log", {}).get("range"):
        levels = np.maximum(levels, levels.max() - lowest)
    if normalisation["window"] == "largest":
        levels -= levels.max()
    if normalisation["window"] == "mean_deviation":
        mean, deviation = levels.mean(), levels.std()
        levels = (levels - mean) / (deviation if deviation > 1e-6 * abs(mean) else 1)
    return ((levels - normalisation["subtract"]) / normalisation["divide"]).astype(np.float32)


def with_all_axes(values, axes):
    """Adds the leading axes of size 1 that were left out."""
    return values.reshape((1,) * (len(axes) - values.ndim) + values.shape)


def canonical(values, axes):
    """[batch, channel, frequency, time]"""
    values = np.moveaxis(with_all_axes(values, axes),
                         [axes.index(axis) for axis in ("batch", "frequency", "time")], [0, -2, -1])
    return values if "channel" in axes else values[:, None]


def as_given(window, axes, channels):
    """A window [frequency, time] in the layout of the card's input."""
    names = ["batch", "channel", "frequency", "time"] if "channel" in axes else ["batch", "frequency", "time"]
    values = window[None]
    if "channel" in axes:
        values = np.broadcast_to(window, (1, channels, *window.shape))
    return np.ascontiguousarray(values.transpose([names.index(axis) for axis in axes]))


def pairs(values, spectrogram, card):
    """Returns [(ours, theirs)] of all windows, theirs as [channel, frequency, time]. Else a text that says why not."""
    axes, window = card["input"]["axes"], card["input"]["window_frames"]
    if values.ndim > len(axes):
        return f"your front end gives {values.ndim} axes {values.shape}, and the card has {len(axes)}: {', '.join(axes)}"
    theirs = canonical(values, axes)
    batch, channels, bands, frames = theirs.shape
    if bands != len(spectrogram):
        return (f"your front end gives {bands} bands where the card's axes have the frequency, and relax-spectro "
                f"{len(spectrogram)}")
    if channels != (wanted := card["input"].get("channels", 1)):
        return f"your front end gives {channels} channels, and the card has {wanted}"
    if batch > 1 and frames != window:
        return f"your front end gives windows of {frames} frames, and the card's have {window}"
    if batch > 1:
        begins = begins_of(card, spectrogram.shape[1])
        return [(network_window(spectrogram[:, begin:begin + window], card), one) for begin, one in zip(begins, theirs)]
    if takes_its_own_level(card) and frames != (wanted := min(window, spectrogram.shape[1])):
        return (f"your front end gives {frames} frames at once, and the card takes the level of each window of {wanted}; let it "
                "return such windows along the first axis")
    common = min(frames, spectrogram.shape[1])
    if common < min(window, spectrogram.shape[1]):
        return f"your front end gives {frames} frames, fewer than a window of the card ({window})"
    return [(network_window(spectrogram[:, :common], card), theirs[0, :, :, :common])]


def widened(values):
    """The largest of each bin and its neighbours."""
    padded = np.pad(values, 1, mode="edge")
    rows, columns = values.shape
    return np.max([padded[i:i + rows, j:j + columns] for i in range(3) for j in range(3)], axis=0)


def input_difference(values, seen, card):
    """Returns (largest difference over the range, the same over what rounding allows), or why there is none."""
    found = pairs(values, seen.spectrogram, card)
    if isinstance(found, str):
        return found
    allowed = [allowed for allowed, _ in pairs(values, widened(seen.moved), card)]
    scale = max(float(np.ptp(np.concatenate([ours.ravel() for ours, _ in found]))), 1e-30)
    differences = [np.abs(ours - theirs) for ours, theirs in found]
    excess = [np.max(difference / (INPUT_TOLERANCE * scale + ROUNDING * moved))
              for difference, moved in zip(differences, allowed)]
    return max(float(difference.max()) for difference in differences) / scale, float(np.max(excess))


def misfit(values, spectrogram, card):
    """Root mean square difference over the standard deviation. Infinite if the shapes differ."""
    found = pairs(values, spectrogram, card)
    if isinstance(found, str):
        return np.inf
    ours = np.concatenate([np.broadcast_to(ours, theirs.shape).ravel() for ours, theirs in found]).astype(float)
    theirs = np.concatenate([theirs.ravel() for _, theirs in found]).astype(float)
    error = np.sqrt(np.mean((ours - theirs)**2)) / max(float(np.std(theirs)), 1e-30)
    return float(error) if np.isfinite(error) else np.inf


def output_difference(ours, theirs, moved):
    """For rows [window, size]: (largest difference over the outputs' range, the same over what is allowed)."""
    size = float(np.abs(theirs).max())
    scale = max(float(np.ptp(theirs)), SINGLE_PRECISION * size, 1e-30)
    found = float(np.abs(ours - theirs).max())
    return found / scale, found / (OUTPUT_TOLERANCE * scale + SINGLE_PRECISION * size + ROUNDING * moved + 1e-30)


def depends_on_input(rows):
    """Whether an output can show a difference: it must differ between windows."""
    return bool(np.any(np.ptp(rows, axis=0) > 100 * SINGLE_PRECISION * max(float(np.abs(rows).max()), 1e-30)))
