"""Runs relax-spectro on many recordings at once, and reads the results."""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from benchmarks import tool

WRONG_REQUEST = 2
POLL_S = 0.5


class WrongRequest(Exception):
    """A request that would fail for every recording."""


class Failed(Exception):
    """The failure of one recording."""


def message_of(said):
    lines = [line.removeprefix("relax-spectro: ") for line in said.splitlines() if line.strip()]
    return lines[0] if lines else "it said nothing"


def call(*arguments):
    """Runs a stage. Returns its exit code and output."""
    ended = subprocess.run([tool.PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    if ended.returncode == WRONG_REQUEST:
        raise WrongRequest(f"relax-spectro {arguments[0]}: {message_of(ended.stderr)}")
    return ended


class Model:
    """A model as `relax-spectro model` describes it."""

    def __init__(self, name, probe=None):
        with_probe = ("--probe", probe) if probe else ()
        ended = call("model", "--json", name, *with_probe)
        if ended.returncode != 0:
            raise WrongRequest(message_of(ended.stderr))
        found = json.loads(ended.stdout)
        self.options = ("--model", name, *with_probe)
        self.probe = found.get("probe")
        self.sha256 = found["sha256"]
        self.card = found["card"]
        self.labels = self.card.get("labels") or []

    def window_s(self):
        """Duration of a recording with exactly the frames of one window."""
        front_end = self.card["front_end"]
        hop = front_end["hop_samples"]
        samples = (self.card["input"]["window_frames"] - 1) * hop
        if front_end["padding"] == "none":
            at_start = front_end["window_position"] == "start"
            samples += front_end["window_samples" if at_start else "fft_samples"]
        samples += 1 if front_end["pre_emphasis"] > 0 else 0
        # Resampling may remove a sample by rounding. One more frame would need a whole hop.
        return (samples + hop / 4) / front_end["sample_rate_hz"]


@dataclass
class Explained:
    contrast: np.ndarray
    spectrogram: np.ndarray
    time_s: np.ndarray
    masks: int
    noise_to_contrast: float | None


def read_result(folder, recording):
    how_file = folder / f"{recording.stem}.json"
    if not how_file.exists():
        raise Failed
    how = json.loads(how_file.read_text())
    if len(how["windows"]) != 1:
        raise Failed(f"it has {len(how['windows'])} windows, not one")
    with np.load(folder / f"{recording.stem}.npz") as arrays:
        return Explained(arrays["contrast"], arrays["spectrogram"], arrays["time_s"], how["windows"][0]["masks"],
                         how["noise_to_contrast"])


def explain(recordings, options, progress):
    """Runs one process for all. Yields the result of each recording, or a Failed with the reason."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+") as said:
        folder = Path(folder)
        command = [tool.PROGRAM, "explain", *recordings, "-o", folder, "--figure", "none", "-q", *options]
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=said)
        while True:
            try:
                exit_code = process.wait(POLL_S)
                break
            except subprocess.TimeoutExpired:
                progress.show(len(list(folder.glob("*.json"))))
        said.seek(0)
        said = said.read()
        if exit_code == WRONG_REQUEST:
            raise WrongRequest(f"relax-spectro explain: {message_of(said)}")
        for recording in recordings:
            try:
                yield recording, read_result(folder, recording)
            except Failed as error:
                about = "\n".join(line for line in said.splitlines() if recording.name in line) or said
                yield recording, Failed(str(error) or message_of(about))


def class_scores(model, recordings, folder):
    """Returns the scores of the first window of each recording. Failed recordings are left out."""
    output = folder / "scores.npz"
    call("embed", *recordings, "-o", output, "-q", *model.options)
    if not output.exists():
        return {}
    files = json.loads(output.with_suffix(".json").read_text())["files"]
    with np.load(output) as arrays:
        scores, index = arrays["class_scores"], arrays["file_index"]
    return {Path(files[i]).name: scores[np.flatnonzero(index == i)[0]] for i in np.unique(index)}
