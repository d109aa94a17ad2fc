"""Labelled clips, their active segments, and pieces of their sound."""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

STEP_S = 0.01  # between possible starts


@dataclass(frozen=True)
class Clip:
    path: Path
    name: str  # the class
    active_s: tuple  # (begin, end) of each
    duration_s: float


def class_name(text):
    """"001 - Dog bark" becomes "Dog bark"."""
    number, dash, name = text.partition(" - ")
    return name.strip() if dash and number.strip().isdigit() else text.strip()


def segments(text, duration_s):
    """"0.15-0.51;0.93-1.26", in seconds. Without any, the whole clip is active."""
    found = [tuple(map(float, part.split("-"))) for part in (text or "").split(";") if part.strip()]
    return tuple(found) or ((0.0, duration_s),)


def read_clips(folder, folds):
    """Returns the clips of some folds (None: all) in FOLDER/clips.csv, and errors of unreadable ones.

    The clips may lie anywhere below FOLDER.
    """
    import soundfile

    paths = {path.name: path for path in sorted(folder.rglob("*")) if path.is_file()}
    clips, unreadable = [], []
    with open(folder / "clips.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if folds and int(row["fold"]) not in folds:
                continue
            path = folder / row["file"]
            path = path if path.exists() else paths.get(Path(row["file"]).name, path)
            try:
                duration_s = soundfile.info(path).duration
            except (soundfile.SoundFileError, OSError) as error:
                unreadable.append(f"{path}: {error}")
                continue
            active_s = segments(row.get("active_segments_s"), duration_s)
            clips.append(Clip(path, class_name(row["class"]), active_s, duration_s))
    return clips, unreadable


def active_time(active_s, begin_s, end_s):
    return sum(np.clip(np.minimum(end, end_s) - np.maximum(begin, begin_s), 0, None) for begin, end in active_s)


def most_active_begin(active_s, duration_s, length_s):
    """Start of the segment of a given length with the most activity.

    Of several equal ones, this is the middle of the longest run. So a single event lies in the middle.
    """
    begins = np.arange(0.0, duration_s - length_s + 1e-9, STEP_S)
    if len(begins) == 0:
        return 0.0
    active = active_time(active_s, begins, begins + length_s)
    best = active >= active.max() - 1e-6
    edges = np.flatnonzero(np.diff(np.concatenate(([0], best.astype(int), [0]))))
    runs = list(zip(edges[::2], edges[1::2] - 1))
    first, last = max(runs, key=lambda run: run[1] - run[0])
    return float((begins[first] + begins[last]) / 2)


@functools.lru_cache(maxsize=32)
def sound(path):
    """Returns mono samples and their rate."""
    import soundfile

    samples, rate = soundfile.read(path, always_2d=True)
    return samples.mean(axis=1), rate


def resampled(samples, rate, wanted):
    """Resamples by the spectrum. Only data sets with several rates need it."""
    if rate == wanted:
        return samples
    count = round(len(samples) * wanted / rate)
    return np.fft.irfft(np.fft.rfft(samples), count) * (count / len(samples))


def piece(clip, begin_s, length_s, rate):
    """Returns `length_s` seconds of a clip. What is missing at its end is mirrored."""
    samples, own_rate = sound(clip.path)
    samples = resampled(samples, own_rate, rate)
    begin, count = round(begin_s * rate), round(length_s * rate)
    found = samples[begin:begin + count]
    return np.pad(found, (0, count - len(found)), mode="reflect")
