"""The maps for the regression test of the included models, from a second of synthetic sound."""

import os
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SOURCE = FOLDER.parents[1]
sys.path.insert(0, str(SOURCE / "scripts"))

from benchmarks import perturbing

BASELINE = FOLDER / "baseline"
PROGRAM = Path(os.environ.get("RELAX_SPECTRO_TEST_PROGRAMS", SOURCE / "build" / "bin")) / "relax-spectro"
MODELS = sorted(path.stem for path in (SOURCE / "models").glob("*.pt"))


def synthesise(folder):
    """Writes sound.wav."""
    subprocess.run([sys.executable, SOURCE / "scripts" / "synthesise-recording", FOLDER / "sound.json", folder / "sound.wav"],
                   check=True)


def explain(folder, model, output, *options):
    """Explains sound.wav with a model, by all defaults, into folder/output/MODEL/sound.*.

    All paths are relative to that folder, so that results contain no paths of the machine."""
    if not (folder / "models").exists():
        (folder / "models").symlink_to(SOURCE / "models", target_is_directory=True)
    command = [PROGRAM, "explain", "sound.wav", "--model", model, "-o", f"{output}/{Path(model).stem}", "--figure", "none",
               "--quiet", *options]
    subprocess.run(list(map(str, command)), cwd=folder, check=True, stdout=subprocess.DEVNULL)


def perturbed(folder, name, fraction):
    """A copy of a model with Gaussian noise on its weights, relative to their spread. Returns its path in the folder."""
    path = folder / f"{name}.pt"
    perturbing.perturb(SOURCE / "models" / f"{name}.pt", fraction, path)
    return path.name
