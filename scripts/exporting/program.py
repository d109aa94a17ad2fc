"""Runs the built relax-spectro for an export."""

import json
import re
import subprocess
from pathlib import Path

import numpy as np

from .comparison import Seen, widened
from .ending import FAILURE, WRONG_REQUEST, Stop
from .sound import with_last_digit_moved, write_recording

SAYS, SCRATCH = "relax-spectro: ", "relax-spectro-export-"
PROGRAM = Path(__file__).resolve().parents[2] / "build" / "bin" / "relax-spectro"


def require_built():
    if not PROGRAM.exists():
        raise Stop(f"{PROGRAM}: no such file; build it first (scripts/build)", WRONG_REQUEST)


def relax(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.startswith(SAYS)] or [f"ended with the code {done.returncode}"]
        code = done.returncode if done.returncode in (WRONG_REQUEST, FAILURE) else FAILURE
        text = re.sub(rf"\S*/{SCRATCH}\w+/", "", lines[-1].removeprefix(SAYS))
        raise Stop(f"relax-spectro {arguments[0]}: {text}", code)
    return done.stdout.strip()


def spectrogram(recording, card, folder):
    """Returns relax-spectro's spectrogram [frequency, time] with a card."""
    path = folder / "card.json"
    path.write_text(json.dumps(card), encoding="utf-8")
    written = relax("spectrogram", recording, "--model", path, "--figure", "none", "-o", folder / "seen", "--overwrite")
    with np.load(written) as arrays:
        return arrays["spectrogram"]


def seen(recording, samples, rate_hz, card, folder):
    """Returns the spectrogram of a recording, and how much it changes with rounding of the samples."""
    ours = spectrogram(recording, card, folder)
    read = spectrogram(write_recording(folder / "as-read.wav", samples, rate_hz), card, folder)
    moved = np.zeros_like(ours)
    for seed in (0, 1):
        path = write_recording(folder / "moved.wav", with_last_digit_moved(samples, seed), rate_hz)
        moved = np.maximum(moved, np.abs(spectrogram(path, card, folder) - read))
    if read.shape != ours.shape or np.any(np.abs(read - ours) > 1e-4 * np.ptp(ours) + 16 * widened(moved)):
        raise Stop(f"{recording}: Python reads other samples of it than relax-spectro; expected the same: save it as a wav of "
                   "16 bits")
    return Seen(ours, moved)


def outputs(recording, model, card, folder):
    """Returns {name: [window, size]} of the windows, and their first frames."""
    path = folder / "outputs.npz"
    relax("embed", recording, "--model", model, "-o", path, "--overwrite", "-q")
    with np.load(path) as arrays:
        hop_s = card["front_end"]["hop_samples"] / card["front_end"]["sample_rate_hz"]
        begins = np.rint((arrays["first_frame_s"] - arrays["first_frame_s"][0]) / hop_s).astype(int)
        return {name: arrays[name] for name in card["outputs"]}, begins.tolist()
