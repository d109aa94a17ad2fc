"""The clips, their sound, and their mel spectra at several speeds."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

from .front_ends import EFFICIENTAT, mel_spectrum

FRAMES = 500
"""Length of a training spectrum: 5 s in both front ends, whose frames are 10 ms apart."""

SPEEDS = ((1, 1), (4, 5), (8, 9), (15, 16), (16, 15), (9, 8), (5, 4))
"""Resampling ratios: pitch and tempo change together, by up to a quarter."""


@dataclass(frozen=True)
class Clip:
    path: Path
    label: str
    fold: int


def read_clips(folder):
    """The clips that FOLDER/clips.csv lists (columns class, file, fold), anywhere below FOLDER."""
    paths = {path.name: path for path in Path(folder).rglob("*.ogg")}
    with open(Path(folder) / "clips.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    # "001 - Dog bark" becomes "dog bark".
    return [Clip(paths[row["file"]], row["class"].split(" - ")[-1].lower(), int(row["fold"])) for row in rows]


def class_names(clips):
    return list(dict.fromkeys(clip.label for clip in clips))


def load_audio(path, sample_rate_hz, speed=(1, 1)):
    """Mono samples at `sample_rate_hz`, played `speed` times as slowly."""
    audio, native_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return resample_poly(audio.mean(axis=1), sample_rate_hz * speed[0], native_hz * speed[1])


def fixed_frames(audio, front_end):
    """The mel power spectrum of FRAMES frames of a sound. A short sound is repeated."""
    hop = front_end["hop_samples"]
    if front_end["padding"] == "none":
        samples = (FRAMES - 1) * hop + front_end["window_samples"]
    else:
        samples = FRAMES * hop
    mel = mel_spectrum(np.resize(audio, samples), front_end)
    assert mel.shape[1] == FRAMES
    # Mixed sounds add in power. So a magnitude spectrum is squared here, and its root is taken after mixing.
    power = mel**2 if front_end["spectrum"] == "magnitude" else mel
    return power.astype(np.float32)


def synthetic_sounds(seconds, sample_rate_hz, rng):
    """Synthetic sounds for mixtures: coloured noises, tones with harmonics, chirps and clicks."""
    samples = int(seconds * sample_rate_hz)
    time_s = np.arange(samples) / sample_rate_hz
    sounds = []
    for slope in (0.0, 0.5, 1.0):
        for _ in range(3):
            spectrum = np.fft.rfft(rng.standard_normal(samples))
            spectrum /= np.maximum(np.arange(len(spectrum)), 50.0) ** slope
            sounds.append(np.fft.irfft(spectrum, samples))
    for _ in range(6):
        pitch_hz = np.exp(rng.uniform(np.log(80.0), np.log(2000.0)))
        vibrato = 1.0 + rng.uniform(0.0, 0.05) * np.sin(2 * np.pi * rng.uniform(1.0, 8.0) * time_s)
        phase = 2 * np.pi * np.cumsum(pitch_hz * vibrato) / sample_rate_hz
        sounds.append(sum(np.sin(k * phase) / k for k in range(1, 1 + int(7000.0 / pitch_hz)) if k < 12))
    for _ in range(6):
        period_s, low_hz, high_hz = rng.uniform(0.1, 1.0), rng.uniform(200.0, 2000.0), rng.uniform(2000.0, 7500.0)
        sweep = (time_s / period_s) % 1.0
        phase = 2 * np.pi * np.cumsum(low_hz * (high_hz / low_hz) ** sweep) / sample_rate_hz
        sounds.append(np.sin(phase) * np.sin(np.pi * sweep) ** 2)
    for _ in range(6):
        since_click_s = time_s % rng.uniform(0.05, 1.0)
        sounds.append(rng.standard_normal(samples) * np.exp(-since_click_s / rng.uniform(0.002, 0.05)))
    return [0.1 * sound / np.sqrt(np.mean(sound**2)) for sound in sounds]


class SpectrumBank:
    """Mel power spectra of clips at all speeds, in the front ends of student and teacher.

    Note [Mixing spectra]: Training examples are mixed, shifted, filtered and masked from these spectra, not from
    the sound. An example then costs a millisecond instead of twenty. On average, the power of a mixture is
    the sum of the powers. An augmentation needs no more.
    """

    def __init__(self, clips, labels, front_end, rng):
        self.front_end = front_end
        self.student = []
        self.teacher = []
        self.members = [[] for _ in labels]
        self.synthetic = []
        for clip in clips:
            for speed in SPEEDS:
                self.members[labels.index(clip.label)].append(len(self.student))
                self.add(lambda rate, clip=clip, speed=speed: load_audio(clip.path, rate, speed))
        for sound in synthetic_sounds(FRAMES / 100, EFFICIENTAT["sample_rate_hz"], rng):
            self.synthetic.append(len(self.student))
            self.add(lambda rate, sound=sound: resample_poly(sound, rate, EFFICIENTAT["sample_rate_hz"]))
        # The level of a sound is that of its loudest moments, so silence around a bark does not count.
        self.level = [np.percentile(power.sum(axis=0), 95) + 1e-9 for power in self.teacher]

    def add(self, load):
        for spectra, front_end in ((self.student, self.front_end), (self.teacher, EFFICIENTAT)):
            spectra.append(fixed_frames(load(front_end["sample_rate_hz"]), front_end))
