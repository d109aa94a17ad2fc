"""scripts/export with a small network and torchaudio's front end, from samples to scores; skipped where no Python has torch.

    python3 tests/scripts/test_export.py
"""

import json
import re
import subprocess
import sys
import tempfile
import unittest
import wave
from pathlib import Path

import numpy as np

SOURCE_FOLDER = Path(__file__).resolve().parents[2]
EXPORT = SOURCE_FOLDER / "scripts/export"
PROGRAM = SOURCE_FOLDER / "build/bin/relax-spectro"  # what scripts/export runs
# The second one belongs to scripts/benchmarks/bench.py.
PYTHONS = (sys.executable, SOURCE_FOLDER / ".deps/bench/venv/bin/python")
DIFFERENT, WRONG_REQUEST, FAILURE = 1, 2, 3

MODULE = """
import numpy
import torch

class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.convolution = torch.nn.Conv2d(1, 4, 3)
        self.norm = torch.nn.BatchNorm2d(4)

    def forward(self, x):
        return torch.relu(self.norm(self.convolution(x / 100))).mean((2, 3))

class Random(Network):
    def forward(self, x):
        return super().forward(x) + torch.rand(1)

class Softmax(Network):
    def forward(self, x):
        return torch.relu(self.convolution(x / 10)).mean((2, 3)).softmax(1)

class Classifier(Network):
    def __init__(self):
        super().__init__()
        self.relu = torch.nn.ReLU()
        self.pool = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten())
        self.head = torch.nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.relu(self.pool(self.relu(self.norm(self.convolution(x / 100))))))

class Attention(torch.nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(1)
        self.project = torch.nn.Linear(BANDS, 8)
        self.attention = torch.nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x):
        y = self.project(x[:, 0].transpose(1, 2) / 100)
        return self.attention(y, y, y)[0].mean(1)

class Constant(Network):
    def forward(self, x):
        return torch.relu(self.convolution(x / 100)).mean((2, 3)) * float(x.shape[-1])

class Failing(Network):
    def forward(self, x):
        raise ValueError("shape mismatch in block 3")

class Dead(Network):
    def forward(self, x):
        return self.convolution(x * 0).mean((2, 3))

class Branches(Network):
    def forward(self, x):
        y = torch.relu(self.convolution(x / 100)).mean((2, 3))
        return y if float(x.mean()) > -90 else y + 1

def log_mel(samples, sample_rate_hz):
    window = torch.hann_window(400)
    power = torch.stft(torch.from_numpy(samples), 400, 200, window=window, return_complex=True).abs() ** 2
    edges = 700 * numpy.expm1(numpy.linspace(0, numpy.log1p(8000 / 700), BANDS + 2))[:, None]
    steps = (numpy.linspace(0, 8000, 201) - edges[:-1]) / numpy.diff(edges, axis=0)
    triangles = numpy.maximum(0, numpy.minimum(steps[:-1], 1 - steps[1:])).astype("f4")
    return 10 * torch.log10(torch.clamp(torch.from_numpy(triangles) @ power, min=1e-10))

def other_log_mel(samples, sample_rate_hz):
    return log_mel(samples, sample_rate_hz) + 0.1

def with_lengths(samples):
    return Network()
"""


def python_with_torch():
    for python in PYTHONS:
        if Path(python).exists() and subprocess.run([python, "-c", "import torch, numpy"], capture_output=True,
                                                    check=False).returncode == 0:
            return python
    return None


@unittest.skipUnless(PROGRAM.exists(), f"{PROGRAM} is not there")
class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.python = python_with_torch()
        if cls.python is None:
            raise unittest.SkipTest("no Python here has torch (scripts/benchmarks/bench.py installs one)")

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        self.made = self.folder / "made.pt"
        self.module = self.folder / "network.py"
        arrays = SOURCE_FOLDER / "tests/front_ends"
        card = json.loads((SOURCE_FOLDER / "models/front-ends/torchaudio.json").read_text())
        card["input"]["window_frames"] = 40
        self.module.write_text(f"BANDS = {card['front_end']['bands']}\n"
                               + MODULE)
        self.card = self.folder / "card.json"
        self.write_card(card)
        self.recording = self.folder / "signal.wav"
        with wave.open(str(self.recording), "wb") as file:
            file.setparams((1, 2, card["front_end"]["sample_rate_hz"], 0, "NONE", ""))
            file.writeframes((np.load(arrays / "signal.npy") * 32768).astype("<i2").tobytes())

    def write_card(self, card):
        self.card.write_text(json.dumps(card))

    def export(self, *options, network="Network", model=None):
        command = [self.python, EXPORT, model or f"{self.module}:{network}", "--card", self.card, "-o", self.made, *options]
        return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)

    def front_end(self, name):
        return "--front-end", f"{self.module}:{name}", "--recording", self.recording

    def test_a_module_becomes_a_model_that_is_verified(self):
        for options in ((), ("--trace", "--overwrite")):
            done = self.export(*self.front_end("log_mel"), *options)
            self.assertEqual(done.returncode, 0, done.stderr)
            for compared in ("the input of signal.wav: largest", "embedding of signal.wav, from samples on: largest",
                             "verified: 1 window, from samples to outputs"):
                self.assertIn(compared, done.stdout)
        said = subprocess.run([PROGRAM, "model", self.made], capture_output=True, text=True, check=True).stdout
        self.assertRegex(said, "embedding +4")

    def test_another_front_end_is_noticed(self):
        done = self.export(*self.front_end("other_log_mel"))
        self.assertEqual(done.returncode, DIFFERENT, done.stdout)
        self.assertIn("not verified: the inputs differ", done.stdout)
        self.assertFalse(self.made.exists())

    def test_without_a_front_end_the_axes_are_not_called_verified(self):
        done = self.export()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("verified: the network alone", done.stdout)
        self.assertRegex(done.stdout, "not checked: .*input.axes")

    def test_what_tracing_takes_for_the_only_branch_is_noticed(self):
        done = self.export("--trace", network="Branches")
        self.assertEqual(done.returncode, DIFFERENT, done.stdout + done.stderr)
        self.assertIn("export: warning: while tracing: ", done.stderr)
        self.assertIn("not verified: the module and the exported file differ", done.stdout)

    def test_an_output_that_cannot_differ_is_not_called_verified(self):
        done = self.export("--trace", network="Dead")
        self.assertEqual(done.returncode, DIFFERENT, done.stdout + done.stderr)
        self.assertIn("not verified: embedding is the same for all windows", done.stdout)

    def test_scores_that_are_probabilities_already_are_not_given_a_softmax(self):
        card = json.loads(self.card.read_text())
        card["outputs"] = {"class_scores": {"activation": "softmax"}}
        self.write_card(card)
        done = self.export(network="Softmax")
        self.assertEqual(done.returncode, DIFFERENT, done.stdout + done.stderr)
        self.assertIn("probabilities already", done.stdout)

    def test_a_module_that_cannot_be_used_is_an_error_of_one_line(self):
        for options, network, code, expected in ((("--trace",), "Failing", FAILURE, "shape mismatch in block 3"),
                                                 ((), "with_lengths", WRONG_REQUEST, "missing a required argument"),
                                                 ((), "BANDS", WRONG_REQUEST, "nothing to call"),
                                                 ((), "Netwerk", WRONG_REQUEST, "did you mean Network?")):
            with self.subTest(network):
                done = self.export(*options, network=network)
                self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertRegex(done.stderr, f"^export: error: .*{re.escape(expected)}.*\n$")

    def test_what_tracing_takes_for_constant_is_noticed(self):
        card = json.loads(self.card.read_text())
        card["input"]["variable_length"] = True
        self.write_card(card)
        done = self.export("--trace", network="Constant")
        self.assertEqual(done.returncode, DIFFERENT, done.stderr)
        self.assertIn("of a shorter window", done.stdout)
        self.assertFalse(self.made.exists())
        done = self.export(network="Constant")  # it is not constant when scripted
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_a_recording_shorter_than_a_window_is_refused(self):
        with wave.open(str(self.recording), "rb") as file:
            parameters, samples = file.getparams(), file.readframes(file.getnframes())
        with wave.open(str(self.recording), "wb") as file:
            file.setparams(parameters)
            file.writeframes(samples[:len(samples) // 40 * 2])
        done = self.export("--recording", self.recording)
        self.assertEqual(done.returncode, WRONG_REQUEST, done.stdout + done.stderr)
        self.assertIn("give a longer --recording", done.stderr)
        self.assertFalse(self.made.exists())

    def test_no_weight_of_an_attention_layer_is_passed_over(self):
        done = self.export(network="Attention")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        said = subprocess.run([PROGRAM, "model", self.made, "--json"], capture_output=True, text=True, check=True).stdout
        model = json.loads(said)
        bands = json.loads(self.card.read_text())["front_end"]["bands"]
        self.assertGreaterEqual(model["parameters"], (bands + 1) * 8 + 4 * (8 + 1) * 8)
        self.assertIn("attention", model["layers"])  # its in_proj_weight, which freezing leaves there

    def test_a_network_that_is_random_is_refused(self):
        done = self.export(network="Random")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("random", done.stderr)
        self.assertFalse(self.made.exists())

    def exported(self, name, dynamic):
        """A program of torch.export, for any batch or for one window."""
        program = self.folder / f"{name}.pt2"
        code = (f"import sys, torch; sys.path.insert(0, {str(self.folder)!r}); from network import *\n"
                f"window = torch.randn({2 if dynamic else 1}, 1, BANDS, 40); sizes = ({{0: torch.export.Dim.DYNAMIC}},)\n"
                f"made = torch.export.export({name}().eval(), (window,), dynamic_shapes=sizes if {dynamic} else None)\n"
                f"torch.export.save(made, {str(program)!r})\n")
        done = subprocess.run([self.python, "-B", "-c", code], capture_output=True, text=True, check=False)
        if "has no attribute 'DYNAMIC'" in done.stderr:
            self.skipTest("this torch exports in another way")
        self.assertEqual(done.returncode, 0, done.stderr)
        return program

    def test_a_program_of_torch_export_becomes_a_model(self):
        for dynamic in (True, False):
            with self.subTest(dynamic=dynamic):
                done = self.export(*self.front_end("log_mel"), "--overwrite", model=self.exported("Network", dynamic))
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertIn("verified: 1 window, from samples to outputs", done.stdout)
        (self.folder / "text.pt2").write_text("no program")
        done = self.export("--overwrite", model=self.folder / "text.pt2")
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("expected what torch.export.save writes", done.stderr)

    def embedding_of(self, layer, **choice):
        """The embedding of the model with a layer's output, and its class scores."""
        card = json.loads(self.card.read_text())
        card["outputs"] = {"class_scores": {"activation": "softmax"}}
        self.write_card(card)
        done = self.export("--embedding", layer, "--recording", self.recording, "--overwrite", **choice)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        rows = self.folder / "rows.npz"
        subprocess.run([PROGRAM, "embed", self.recording, "--model", self.made, "-o", rows, "--overwrite", "-q"], check=True,
                       capture_output=True)
        with np.load(rows) as arrays:
            return arrays["embedding"], arrays["class_scores"]

    def test_an_inner_layer_gives_the_embedding(self):
        embedding, scores = self.embedding_of("pool", network="Classifier")
        self.assertEqual((embedding.shape[1], scores.shape[1]), (4, 3))
        code = (f"import sys; sys.path.insert(0, {str(self.folder)!r})\nfrom network import *\nmade = Classifier()\n"
                f"print(made.head(made.relu(torch.tensor({embedding.tolist()}))).tolist())")
        found = subprocess.run([self.python, "-B", "-c", code], capture_output=True, text=True, check=True).stdout
        np.testing.assert_allclose(scores, json.loads(found), atol=1e-5)
        again, same = self.embedding_of("pool", model=self.exported("Classifier", True))
        np.testing.assert_allclose(again, embedding, atol=1e-6)
        np.testing.assert_allclose(same, scores, atol=1e-6)

    def test_a_layer_that_gives_no_embedding_is_refused(self):
        card = json.loads(self.card.read_text())
        card["outputs"] = {"class_scores": {"activation": "softmax"}}
        self.write_card(card)
        for layer, expected in (("norm", "its output is (2, 4, "), ("pools", "no such layer, or does not call it; "),
                                ("pools", "did you mean pool?"), ("relu", "calls it 2 times")):
            with self.subTest(layer):
                done = self.export("--embedding", layer, network="Classifier")
                self.assertEqual(done.returncode, WRONG_REQUEST, done.stdout + done.stderr)
                self.assertIn(expected, done.stderr)
        card["outputs"]["embedding"] = {"position": 1}
        self.write_card(card)
        done = self.export("--embedding", "pool", network="Classifier")
        self.assertIn("have an embedding already", done.stderr)

    def test_a_file_that_is_there_is_kept(self):
        self.made.write_text("mine")
        done = self.export("--overwrite")
        self.assertEqual(done.returncode, WRONG_REQUEST)
        self.assertIn("holds no model card", done.stderr)
        self.assertEqual(self.made.read_text(), "mine")


if __name__ == "__main__":
    unittest.main()
