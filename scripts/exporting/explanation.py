"""Finds the card's field that explains best why relax-spectro's input differs from the user's. Tries other values of each."""

import copy
import json
from dataclasses import dataclass

import numpy as np

from .comparison import canonical, misfit, pairs

CHOICES = {"spectrum": ("power", "magnitude"), "mel_scale": ("htk", "slaney"), "band_norm": ("none", "slaney", "sum"),
           "padding": ("reflect", "zero", "none"), "triangle_domain": ("hertz", "mel"),
           "window": ("hann_periodic", "hann_symmetric"), "window_position": ("centre", "start"),
           "pre_emphasis": (0, 0.97, 0.95)}
RATES_HZ = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 96000)
LOW_HZ = (0, 20, 30, 50, 60, 125, 300)
HIGH_HZ = (7500, 7600, 8000, 11025, 14000, 15000, 16000)
HOPS_SAMPLES = (128, 160, 200, 240, 256, 320, 400, 441, 480, 500, 512, 640, 882, 1024)
AXES = (["batch", "channel", "frequency", "time"], ["batch", "channel", "time", "frequency"],
        ["batch", "frequency", "time"], ["batch", "time", "frequency"])
SMALLEST = (1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1.0)
LOGS = ({"base": "10", "scale": 10}, {"base": "10", "scale": 20}, {"base": "10", "scale": 1}, {"base": "e", "scale": 1})
LOG_DEFAULTS = {"base": "e", "scale": 1.0, "multiplier": 1.0, "floor": 0.0, "offset": 0.0, "range": 0.0}
NORMALISATION_DEFAULTS = {"subtract": 0.0, "divide": 1.0, "window": "none"}
WINDOW_NORMS, RANGES = ("none", "mean_deviation", "largest"), (0.0, 8.0, 80.0)
# A field explains something only if the misfit falls below this share.
LEFT_OVER, MOST_FIELDS, ENOUGH = 0.9, 3, 2e-3
# Largest misfit of an explanation, in standard deviations of the user's input. A fit alone reaches 1.
UNEXPLAINED = 0.7


@dataclass
class Change:
    """A field of the card with another value. `values` are those of the object that holds it."""

    field: str
    values: dict

    def applied(self, card):
        changed = copy.deepcopy(card)
        place = changed
        for name in self.field.split(".")[:-1]:
            place = place.setdefault(name, {})
        place.update(self.values)
        return changed

    def text(self, card):
        """The field, its new value and the old one."""
        place = card
        for name in self.field.split(".")[:-1]:
            place = place.get(name, {})
        defaults = {"channels": 1, "hop_frames": card["input"]["window_frames"], **LOG_DEFAULTS, **NORMALISATION_DEFAULTS,
                    **{name: values[0] for name, values in CHOICES.items()}}
        prefix = self.field.rpartition(".")[0]
        if prefix.endswith("normalisation"):
            defaults = NORMALISATION_DEFAULTS
        parts = []
        for name, value in self.values.items():
            old = place.get(name, defaults.get(name))
            if old != value:
                parts.append(f"{prefix}.{name} {shown(value)} instead of {shown(old)}")
        return " and ".join(parts)


def shown(value):
    return f"{value:.6g}" if isinstance(value, float) else json.dumps(value)


@dataclass
class Explanation:
    changes: list  # texts, in the order of the search
    before: float  # misfit of the unchanged card
    after: float
    alike: list  # texts of other single changes with as small a misfit
    card: dict  # with all changes


@dataclass
class Tried:
    left: float
    text: str
    card: dict
    spectrogram: np.ndarray


def listed(card):
    """Changes whose values do not depend on the user's input."""
    front_end = card["front_end"]
    changes = [Change(f"front_end.{name}", {name: value}) for name, values in CHOICES.items() for value in values]
    changes += [Change("front_end.log.base", {"base": base}) for base in ("e", "10", "none")]
    changes += [Change("front_end.log.base", log) for log in LOGS]
    for value in SMALLEST:
        changes += smallest(value)
    changes += [Change("front_end.normalisation.window", {"window": value}) for value in WINDOW_NORMS]
    changes += [Change("front_end.log.range", {"range": value}) for value in RANGES]
    fft = front_end["fft_samples"]
    changes += [Change("front_end.log.multiplier", {"multiplier": value})
                for value in (1.0, 32768.0, 32768.0**2, 1 / fft, 1 / fft**2)]
    nyquist_hz = front_end["sample_rate_hz"] / 2
    changes += [Change("front_end.low_hz", {"low_hz": value}) for value in LOW_HZ if value < front_end["high_hz"]]
    changes += [Change("front_end.high_hz", {"high_hz": value})
                for value in (*HIGH_HZ, nyquist_hz) if front_end["low_hz"] < value <= nyquist_hz]
    for rate_hz in RATES_HZ:
        high_hz = rate_hz / 2 if front_end["high_hz"] == nyquist_hz else front_end["high_hz"]
        changes.append(Change("front_end.sample_rate_hz", {"sample_rate_hz": rate_hz, "high_hz": min(high_hz, rate_hz / 2)}))
    window = front_end["window_samples"]
    power = 1 << (window - 1).bit_length()
    changes += [Change("front_end.fft_samples", {"fft_samples": value}) for value in (window, power, 2 * power)]
    changes += [Change("front_end.window_samples", {"window_samples": value}) for value in (fft, fft // 2) if value > 1]
    return changes


def smallest(value):
    return [Change("front_end.log.floor", {"floor": value, "offset": 0.0}),
            Change("front_end.log.offset", {"floor": 0.0, "offset": value})]


def of_shape(values, card, frames):
    """Changes that give the shape of the user's input: its axes and their sizes."""
    axes, hop, window = card["input"]["axes"], card["front_end"]["hop_samples"], card["input"]["window_frames"]
    if values.ndim > len(axes):
        return [Change("input.axes", {"axes": other}) for other in AXES if len(other) == values.ndim]
    changes = [Change("input.axes", {"axes": other}) for other in AXES if len(other) == len(axes)]
    windows, channels, bands, theirs = canonical(values, axes).shape
    if bands != card["front_end"]["bands"]:
        changes.append(Change("front_end.bands", {"bands": bands}))
    if channels != card["input"].get("channels", 1):
        changes.append(Change("input.channels", {"channels": channels}))
    if windows > 1:
        changes.append(Change("input.window_frames", {"window_frames": theirs, "hop_frames": theirs}))
        return changes + [Change("input.hop_frames", {"hop_frames": max(1, value)})
                          for value in (window, window * 3 // 4, window // 2, window // 4)]
    return changes + [Change("front_end.hop_samples", {"hop_samples": value}) for value in HOPS_SAMPLES
                      if abs(frames * hop / value - theirs) <= 2 + 0.02 * theirs]


def fitted(values, spectrogram, card):
    """Changes whose values follow from the user's input: scale, shift and smallest value."""
    found = pairs(values, spectrogram, card)
    if isinstance(found, str):
        return []
    log = {**LOG_DEFAULTS, **card["front_end"].get("log", {})}
    normalisation = {**NORMALISATION_DEFAULTS, **card["front_end"].get("normalisation", {})}
    theirs = np.concatenate([theirs.ravel() for _, theirs in found]).astype(float)
    ours = np.concatenate([np.broadcast_to(ours, theirs.shape).ravel() for ours, theirs in found]).astype(float)
    if not np.all(np.isfinite(theirs)):
        return []
    zero = 1e-6 * float(np.std(theirs))  # smaller values are rounding
    subtract, divide = normalisation["subtract"], normalisation["divide"]
    levels, wanted = ours * divide + subtract, theirs * divide + subtract  # scale * log(...), and its target
    changes = []
    if np.dot(wanted, levels) != 0:
        scale = round_off(log["scale"] * np.dot(wanted, levels) / np.dot(levels, levels))
        changes.append(Change("front_end.log.scale", {"scale": scale}))
    shift = float(np.median(wanted - levels))
    changes.append(Change("front_end.normalisation.subtract", {"subtract": round_off(subtract - shift, zero)}))
    if np.std(levels) > 0:
        slope, intercept = np.polyfit(levels, theirs, 1)
        if slope != 0:
            changes.append(Change("front_end.normalisation.subtract",
                                  {"subtract": round_off(-intercept / slope, zero), "divide": round_off(1 / slope)}))
    centred = levels - subtract
    if np.dot(centred, theirs) != 0:
        divide = round_off(np.dot(centred, centred) / np.dot(centred, theirs))
        changes.append(Change("front_end.normalisation.divide", {"divide": divide}))
    if log["base"] != "none" and log["scale"] != 0:
        base = np.e if log["base"] == "e" else 10.0
        with np.errstate(over="ignore"):
            multiplier = log["multiplier"] * base**(shift / log["scale"])
            changes.append(Change("front_end.log.multiplier", {"multiplier": round_off(multiplier)}))
            changes += smallest(round_off(base**(wanted.min() / log["scale"])))
    return changes


def round_off(value, zero=0.0):
    """Rounds to a number that people write, if it is near."""
    if abs(value) <= zero:
        return 0.0
    rounded = float(f"{value:.3g}")
    return rounded if abs(rounded - value) <= 2e-5 * abs(value) else float(f"{value:.7g}")


def explain(values, card, spectrogram_of):
    """Tries every change alone and takes the best. Continues from there if much is left.

    @param values          the user's input, as it was given
    @param spectrogram_of  gives relax-spectro's [frequency, time] of a card, or None if it refuses the card
    @returns an Explanation, or None if no field explains anything
    """
    spectrogram, current = spectrogram_of(card), card
    before = left = misfit(values, spectrogram, card)
    found = []
    alike = []
    while not found or (len(found) < MOST_FIELDS and left > ENOUGH):
        tried = try_all(values, current, spectrogram, spectrogram_of)
        # The first of those with as small a misfit: the likeliest come first.
        least = min((one.left for one in tried), default=np.inf)
        near = [one for one in tried if one.left <= max(1.5 * least, 1e-4)]
        if not near or not near[0].left < LEFT_OVER * left:
            break
        best = near[0]
        if not found and best.left < LEFT_OVER * left / 10:
            alike = list(dict.fromkeys(one.text for one in near if field_of(one) != field_of(best)))
        found.append(best.text)
        left, current, spectrogram = best.left, best.card, best.spectrogram
    return Explanation(found, before, left, alike, current) if found and left < UNEXPLAINED else None


def field_of(tried):
    return tried.text.split()[0]


def try_all(values, card, spectrogram, spectrogram_of):
    """Every change that makes another card, with its misfit."""
    tried = []
    cards = [card]
    for change in [*of_shape(values, card, spectrogram.shape[1]), *listed(card), *fitted(values, spectrogram, card)]:
        text, changed = change.text(card), change.applied(card)
        if text and changed not in cards and (other := spectrogram_of(changed)) is not None:
            cards.append(changed)
            tried.append(Tried(misfit(values, other, changed), text, changed, other))
    return tried
