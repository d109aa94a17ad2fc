"""Labelled clips, their stretches of activity, and pieces of their sound."""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

STEP_S = 0.01  # between the places where a stretch may begin


@dataclass(frozen=True)
class Clip:
    path: Path
    name: str  # the class
    active_s: tuple  # of (begin, end)
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
    """The clips of some folds (None: all) in FOLDER/clips.csv, wherever below FOLDER they lie.

    And what is wrong with those that cannot be opened.
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
    """Where the stretch of a length begins that holds the most activity.

    Where several hold as much, the middle of the longest run of them: a lone event comes to lie in the middle.
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
    """Mono samples and their rate."""
    import soundfile

    samples, rate = soundfile.read(path, always_2d=True)
    return samples.mean(axis=1), rate


def resampled(samples, rate, wanted):
    """By way of its spectrum. Few data sets need it: those whose clips have several rates."""
    if rate == wanted:
        return samples
    count = round(len(samples) * wanted / rate)
    return np.fft.irfft(np.fft.rfft(samples), count) * (count / len(samples))


def piece(clip, begin_s, length_s, rate):
    """So many seconds of a clip; what it lacks at its end is its mirror image."""
    samples, own_rate = sound(clip.path)
    samples = resampled(samples, own_rate, rate)
    begin, count = round(begin_s * rate), round(length_s * rate)
    found = samples[begin:begin + count]
    return np.pad(found, (0, count - len(found)), mode="reflect")
