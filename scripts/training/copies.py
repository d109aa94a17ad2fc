"""Copies of training clips without what a model leans on, and their embeddings."""

import csv
import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from . import shortcut

PROGRAM = Path(__file__).resolve().parents[2] / "build" / "bin" / "relax-spectro"

CONTROLS = {"featout": (), "random": ("--control", "random"), "keep": ("--control", "keep")}


def run(*arguments):
    subprocess.run([str(PROGRAM), *map(str, arguments), "-q"], check=True, stdout=subprocess.DEVNULL)


def group_of(path):
    """The source of a clip of ESC: the second part of a name such as 1-100032-A.ogg."""
    return path.stem.split("-")[1]


@dataclass
class Set:
    """Recordings, their labels, and their embeddings."""

    files: list
    labels: list
    embeddings: np.ndarray

    @property
    def groups(self):
        return [group_of(file) for file in self.files]


class Workplace:
    """A folder in which the stages work. What is there is not made again."""

    def __init__(self, folder, model):
        self.folder, self.model = Path(folder), model
        card = json.loads(Path(model).with_suffix(".json").read_text(encoding="utf-8"))
        self.output = card["outputs"]["embedding"]
        self.network = torch.jit.load(model, map_location="cpu").eval()
        self.by_time = card["input"]["axes"].index("time") < card["input"]["axes"].index("frequency")

    def with_tone(self, clip):
        """The clip with bursts of the tone."""
        path = self.folder / "tone" / f"{clip.path.stem}.wav"
        if not path.exists():
            shortcut.write_with_bursts(clip.path, path)
        return path

    def set_of(self, name, files, labels):
        """Embeds recordings by the program."""
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "labels.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(("file", "label", "group"))
            writer.writerows(zip(files, labels, map(group_of, files)))
        arrays = folder / "embeddings.npz"
        if not arrays.exists():
            run("embed", *files, "-m", self.model, "-o", arrays)
        with np.load(arrays) as stored:
            embedding, index = stored["embedding"], stored["file_index"]
        means = np.stack([embedding[index == i].mean(axis=0) for i in range(len(files))])
        return Set(list(files), list(labels), means)

    def maps(self, name, masks):
        """The map of each recording's label, by a probe that has learnt all of them.

        Masks put there what featout will put there.
        """
        folder = self.folder / name
        if not (folder / "probe.probe.json").exists():
            run("probe", folder / "embeddings.npz", "--labels", folder / "labels.csv", "-o", folder / "probe", "--figure",
                "none")
        run("batch", folder / "labels.csv", "-m", self.model, "--probe", folder / "probe.probe.json", "--score", "label",
            "--fill", "band-mean", "--figure", "none", "-o", folder / "maps", *(("--masks", masks) if masks else ()))

    def copies(self, name, arm, seed, more):
        """The rows of the manifest of an arm's copies, with `more` options of featout."""
        folder = self.folder / name
        run("featout", folder / "maps", "--labels", folder / "labels.csv", "-o", folder / arm, "--overwrite", "--seed", seed,
            *CONTROLS[arm], *more)
        with open(folder / arm / "manifest.csv", newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def spectrogram(self, path):
        with np.load(path) as arrays:
            return arrays["spectrogram"]

    def embed(self, spectrograms):
        """The embeddings of inputs, one window each."""
        rows = []
        with torch.inference_mode():
            for spectrogram in spectrograms:
                window = torch.from_numpy(np.ascontiguousarray(spectrogram.T if self.by_time else spectrogram))[None, None]
                outputs = getattr(self.network, self.output["method"])(window)
                rows.append(outputs[self.output["position"]][0].float().numpy().ravel())
        return np.stack(rows)


def spec_augment(spectrogram, rng, bands=24, frames=100):
    """Two bands of up to 24 and two times of up to 1 s, as the mean of each band (Park et al. 2019)."""
    changed = spectrogram.copy()
    mean = np.broadcast_to(spectrogram.mean(axis=1, keepdims=True), spectrogram.shape)
    for _ in range(2):
        first, count = rng.integers(spectrogram.shape[0] - bands), rng.integers(bands + 1)
        changed[first : first + count] = mean[first : first + count]
        first, count = rng.integers(spectrogram.shape[1] - frames), rng.integers(frames + 1)
        changed[:, first : first + count] = mean[:, first : first + count]
    return changed
