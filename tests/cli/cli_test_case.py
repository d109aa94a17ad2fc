"""Common parts of the tests of the programs: running them, and making recordings.

ctest sets the folders of the programs and the test models in the environment:
RELAX_SPECTRO_TEST_PROGRAMS and RELAX_SPECTRO_TEST_MODELS. Without ctest, those of build/ are
tested, with a new process for each run:

    python3 -m unittest discover -s tests/cli
"""

import functools
import json
import os
import re
import struct
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np

from fork_server import ForkServer

SOURCE_FOLDER = Path(__file__).resolve().parents[2]
PROGRAMS = os.environ.get("RELAX_SPECTRO_TEST_PROGRAMS", SOURCE_FOLDER / "build/bin")
MODELS = os.environ.get("RELAX_SPECTRO_TEST_MODELS", SOURCE_FOLDER / "build/tests/models")

# One thread, because on a busy machine tiny networks wait much longer for threads than they compute.
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1"}

# Loading LibTorch takes longer than most of these stages' work. If ctest names the library that turns them into
# servers, they run in forks.
FORK_SERVER = os.environ.get("RELAX_SPECTRO_TEST_FORK_SERVER")
WITH_A_NETWORK = ("explain", "interactions", "listen", "featout", "batch", "flip", "sanity", "embed", "import", "model")

RATE_HZ = 8000  # of the test models' front end
WINDOW = 128
HOP = 64
BANDS = 16
FRAMES = 20
ONE_WINDOW_S = (WINDOW + (FRAMES - 1) * HOP) / RATE_HZ
MAPS = ("importance", "contrast", "uncertainty", "standard_error", "u_relax")  # of a result


def quick(masks=20, figure="none", grid="4x4"):
    """Options for tests that do not depend on the map: few masks, one thread, no figure."""
    return ("--masks", masks, "--grid", grid, "--figure", figure, "--threads", "1")


SUCCESS = 0
USAGE = 2
FAILURE = 3
SOME_FAILED = 4


def frames_of(samples):
    return 1 + (samples - WINDOW) // HOP


def noise(duration_s, rate_hz=RATE_HZ, seed=1):
    count = round(duration_s * rate_hz)
    return np.random.default_rng(seed).uniform(-0.5, 0.5, count)


def tone(frequency_hz, duration_s, rate_hz=RATE_HZ, amplitude=0.5):
    time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    return amplitude * np.sin(2 * np.pi * frequency_hz * time_s)


def sample_bytes(samples, encoding):
    if encoding == "float32":
        return samples.astype("<f4").tobytes()
    if encoding == "pcm16":
        return np.round(samples * 32767).astype("<i2").tobytes()
    whole = np.round(samples * (2**23 - 1)).astype("<i4")  # pcm24: the lower three bytes of each
    return whole.reshape(-1, 1).view(np.uint8)[:, :3].tobytes()


def write_wav(path, samples, rate_hz=RATE_HZ, encoding="float32", promised_bytes=None):
    """Writes [frames] or [frames, channels]; promised_bytes is the size of the data in the header."""
    samples = np.asarray(samples, dtype=float)
    channels = 1 if samples.ndim == 1 else samples.shape[1]
    data = sample_bytes(samples, encoding)
    bits = {"float32": 32, "pcm16": 16, "pcm24": 24}[encoding]
    frame_bytes = channels * bits // 8
    fmt = struct.pack("<HHIIHH", 3 if encoding == "float32" else 1, channels, rate_hz,
                      rate_hz * frame_bytes, frame_bytes, bits)
    size = len(data) if promised_bytes is None else promised_bytes
    chunks = b"WAVEfmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", size)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(chunks) + size) + chunks + data)
    return path


@functools.cache
def server_of(stage):
    return ForkServer(Path(PROGRAMS) / f"relax-spectro-{stage}", FORK_SERVER, ENVIRONMENT)


class CliTestCase(unittest.TestCase):
    forks = FORK_SERVER is not None  # otherwise every run is a new process of the driver

    def setUp(self):
        temporary = tempfile.TemporaryDirectory(prefix="relax-spectro-test-")
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.output = self.folder / "results"
        self.programs = Path(PROGRAMS)
        self.models = Path(MODELS)

    def model(self, name):
        return self.models / f"{name}.pt"

    def noise_file(self, name="noise.wav", duration_s=0.3, **options):
        return write_wav(self.folder / name, noise(duration_s), **options)

    def relax(self, *arguments, **environment):
        """Runs relax-spectro in a new folder, without a terminal."""
        arguments = [str(argument) for argument in arguments]
        if self.forks and not environment and arguments[:1] and arguments[0] in WITH_A_NETWORK:
            return server_of(arguments[0]).run(arguments, self.folder)
        command = [str(self.programs / "relax-spectro"), *arguments]
        return subprocess.run(command, cwd=self.folder, stdin=subprocess.DEVNULL,
                              env={**ENVIRONMENT, **environment},
                              capture_output=True, text=True, timeout=120, check=False)

    def files_left(self):
        """Relative paths of all files in the output folder, including half-written ones."""
        return sorted(str(path.relative_to(self.output)) for path in self.output.rglob("*")
                      if path.is_file())

    def assert_succeeds(self, arguments, stdout=None, stderr=""):
        """Runs a command that must succeed, and returns its stdout."""
        done = self.relax(*arguments)
        self.assertEqual(done.stderr, stderr, arguments)
        self.assertEqual(done.returncode, SUCCESS, arguments)
        if stdout is not None:
            self.assertEqual(done.stdout, stdout, arguments)
        return done.stdout

    def assert_shows(self, arguments, path, stderr=""):
        """Runs a command that must succeed and say one line about a file, and returns that line."""
        said = self.assert_succeeds(arguments, stderr=stderr)
        self.assertRegex(said, rf"\A{re.escape(str(path))}: [^\n]+\n\Z", arguments)
        return said

    def assert_refused(self, arguments, code, *expected):
        """Runs a command that must fail with this code and one message that has all expected parts.
        Nothing may be on stdout or in the output folder. Returns the message."""
        done = self.relax(*arguments)
        for text in expected:
            self.assertIn(str(text), done.stderr, arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertEqual(done.stdout, "", arguments)
        self.assertTrue(done.stderr.startswith("relax-spectro: "), done.stderr)
        self.assertTrue(done.stderr.endswith("\n"), done.stderr)
        self.assertEqual(done.stderr.count("relax-spectro: "), 1, done.stderr)
        for noise_of_others in ("internal error", "terminate called", "Exception raised from"):
            self.assertNotIn(noise_of_others, done.stderr, arguments)
        self.assertEqual(self.files_left(), [], arguments)
        return done.stderr

    def explain(self, recording, *options, model="rectangle", output=None, masks=20, grid="4x4"):
        """Explains one recording with an empty stderr, and returns its arrays and its JSON."""
        output = output or self.output
        stem = output / Path(recording).stem
        self.assert_shows(("explain", recording, "--model", self.model(model), "-o", output, "--quiet",
                           *quick(masks, grid=grid), *options), f"{stem}.npz")
        with np.load(f"{stem}.npz") as arrays:
            loaded = {name: arrays[name] for name in arrays.files}
        return loaded, json.loads(Path(f"{stem}.json").read_text(encoding="utf-8"))
