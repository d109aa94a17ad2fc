"""Runs the built relax-spectro and measures its time and memory."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

PROGRAM = Path(__file__).resolve().parents[2] / "build" / "bin" / "relax-spectro"


@dataclass
class Run:
    seconds: float  # whole process
    peak_mib: float  # resident
    processor_s: float  # of all threads


def require_program():
    if not PROGRAM.exists():
        sys.exit(f"{Path(sys.argv[0]).stem}: error: {PROGRAM} is not there; run scripts/build")


SOME_FAILED = 4  # exit code: some inputs failed


def run(*arguments, some_may_fail=False):
    """Runs one stage to its end. A failure ends the benchmark with the message of the stage.

    With some_may_fail, the failure of some inputs is only printed.
    """
    command = [str(PROGRAM), *map(str, arguments)]
    with tempfile.TemporaryFile() as said:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            text = said.read().decode(errors="replace")
            if process.returncode != SOME_FAILED or not some_may_fail:
                sys.exit(f"{' '.join(command)} failed:\n{text}")
            print(text, end="", file=sys.stderr)
    return Run(seconds, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime)


def explain(recording, model, *options):
    """Runs `explain` without a figure. Returns its arrays, its JSON and the run."""
    with tempfile.TemporaryDirectory() as folder:
        what_it_took = run("explain", recording, "-o", folder, "--figure", "none", "-q", "--model", model, *options)
        stem = Path(folder) / Path(recording).stem
        with np.load(f"{stem}.npz") as arrays:
            arrays = dict(arrays)
        how = json.loads(Path(f"{stem}.json").read_text())
    return arrays, how, what_it_took


def flip(recording, model, *options):
    """Runs `flip` on a map of a few masks. Returns its JSON."""
    with tempfile.TemporaryDirectory() as folder:
        run("explain", recording, "-o", folder, "--figure", "none", "-q", "--model", model, "--masks", 16)
        stem = Path(folder) / Path(recording).stem
        run("flip", f"{stem}.json", "-o", folder, "--figure", "none", "-q", *options)
        return json.loads(Path(f"{stem}.flip.json").read_text())


def masks_per_second(how):
    """Rate of the engine's loop: masks, forward passes and scores, without loading and writing."""
    return how["engine"]["windows"] / how["engine"]["seconds"]
