"""The maps that the regression of the models that come along is about: of a second of synthetic sound."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent
SOURCE = FOLDER.parents[1]
BASELINE = FOLDER / "baseline"
PROGRAM = Path(os.environ.get("RELAX_SPECTRO_TEST_PROGRAMS", SOURCE / "build" / "bin")) / "relax-spectro"
FEWEST_BYTES = 4096  # of weights
MODELS = sorted(path.stem for path in (SOURCE / "models").glob("*.pt"))


def synthesise(folder):
    """Writes sound.wav."""
    subprocess.run([sys.executable, SOURCE / "scripts" / "synthesise-recording", FOLDER / "sound.json", folder / "sound.wav"],
                   check=True)


def explain(folder, model, output, *options):
    """Explains sound.wav with a model, by all defaults, into folder/output/MODEL/sound.*.

    Everything is named by a path from that folder, so that results hold none of the machine's."""
    if not (folder / "models").exists():
        (folder / "models").symlink_to(SOURCE / "models", target_is_directory=True)
    command = [PROGRAM, "explain", "sound.wav", "--model", model, "-o", f"{output}/{Path(model).stem}", "--figure", "none",
               "--quiet", *options]
    subprocess.run(list(map(str, command)), cwd=folder, check=True, stdout=subprocess.DEVNULL)


def perturbed(folder, name, fraction):
    """A copy of a model with Gaussian noise on its weights, of so much of their spread; gives its path from the folder.

    A frozen TorchScript model keeps them as entries of its archive, each the bytes of a tensor. Small ones, which are
    biases and variances, stay as they are."""
    path = folder / f"{name}.pt"
    draws = np.random.default_rng(1)
    with zipfile.ZipFile(SOURCE / "models" / f"{name}.pt") as before, zipfile.ZipFile(path, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if re.fullmatch(r"[^/]+/constants/[0-9]+", entry.filename) and len(content) > FEWEST_BYTES:
                weights = np.frombuffer(content, dtype="<f4")
                noise = fraction * weights.std() * draws.standard_normal(len(weights))
                content = (weights + noise).astype("<f4").tobytes()
            after.writestr(entry.filename, content)
    card = json.loads((SOURCE / "models" / f"{name}.json").read_text(encoding="utf-8"))
    card["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_suffix(".json").write_text(json.dumps(card), encoding="utf-8")
    return path.name
