"""A model and the one window of a recording that all packages receive."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from . import tool


@dataclass
class Case:
    model: str  # a name or a file
    file: str  # the TorchScript file
    recording: Path  # exactly one window long
    input: Path  # npz: `input`, as the model takes it
    card: Path


def first_window(recording, model, folder):
    """Cuts the loudest window out of a recording, and makes the model's input of it."""
    _, how, _ = tool.explain(recording, model, "--masks", 16)
    card = how["model"]["card"]
    folder = folder / f"{Path(model).stem}-{Path(recording).stem}"
    folder.mkdir(parents=True, exist_ok=True)
    cut = folder / "window.wav"
    samples, rate = soundfile.read(recording, always_2d=True)
    samples = samples.mean(axis=1)
    begin, end = loudest_window(samples, rate, how["windows"], card["front_end"])
    soundfile.write(cut, samples[begin:end], rate, subtype="FLOAT")
    arrays, how, _ = tool.explain(cut, model, "--masks", 16)
    if len(how["windows"]) != 1:
        sys.exit(f"bench: error: the cut {cut} has {len(how['windows'])} windows, not one")
    spectrogram = arrays["spectrogram"]
    if card["input"]["axes"].index("time") < card["input"]["axes"].index("frequency"):
        spectrogram = spectrogram.T
    np.savez(folder / "input.npz", input=np.ascontiguousarray(spectrogram[None, None]))
    (folder / "card.json").write_text(json.dumps(card))
    return Case(model, how["model"]["path"], cut, folder / "input.npz", folder / "card.json")


def loudest_window(samples, rate, windows, front_end):
    """Returns the first and the end sample of the loudest window: exactly one window of frames."""
    if len(windows) == 1:
        return 0, len(samples)
    spare = front_end["hop_samples"] / 4
    if front_end["window_position"] == "start":
        spare += front_end["window_samples"]

    def span(window):
        seconds = window["last_frame_s"] - window["first_frame_s"] + spare / front_end["sample_rate_hz"]
        begin = int(window["first_frame_s"] * rate)
        return begin, begin + int(seconds * rate)

    return max(map(span, windows), key=lambda s: float(np.sum(samples[s[0]:s[1]] ** 2)))
