"""scripts/export up to where it needs torch: a front end against relax-spectro's, what explains a difference, wav files.

    python3 tests/scripts/test_export_front_end.py
"""

import argparse
import contextlib
import copy
import importlib.util
import io
import json
import os
import struct
import subprocess
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from pathlib import Path

import numpy as np

SOURCE_FOLDER = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE_FOLDER / "scripts"))
from exporting import comparison, explanation, program, sound
from exporting.ending import Stop

EXPORT = SOURCE_FOLDER / "scripts/export"
ARRAYS = SOURCE_FOLDER / "tests/front_ends"
DIFFERENT, WRONG_REQUEST, FAILURE = 1, 2, 3
RATE_HZ, BANDS, FRAMES = 8000, 24, 24
CARD = {"card_version": 1, "name": "bird",
        "front_end": {"sample_rate_hz": RATE_HZ, "window_samples": 256, "fft_samples": 256, "hop_samples": 100, "bands": BANDS,
                      "low_hz": 100, "high_hz": 4000, "log": {"offset": 1e-5}},
        "input": {"axes": ["batch", "channel", "frequency", "time"], "window_frames": FRAMES},
        "outputs": {"embedding": {}}}
# A textbook log-mel with numpy: 24 bands, as in CARD.
BIRD = """
import functools
import sys
import types
import numpy as np

def triangles():
    edges = 700 * np.expm1(np.linspace(np.log1p(100 / 700), np.log1p(4000 / 700), 26))
    hz = np.arange(129) * 8000 / 256
    up, down = [(hz - edges[i:i + 24, None]) / (edges[i + 1:i + 25] - edges[i:i + 24])[:, None] for i in (0, 1)]
    return np.maximum(0, np.minimum(up, 1 - down))

def power(samples):
    padded = np.pad(samples.astype(float), 128, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(256) / 256)
    frames = np.lib.stride_tricks.sliding_window_view(padded, 256)[::100]
    return triangles() @ (np.abs(np.fft.rfft(frames * window)) ** 2).T

def log_mel(samples, rate):
    return np.log(power(samples) + 1e-5)[None, None]

def time_first(samples, rate):
    whole = log_mel(samples, rate)[0, 0].T
    return whole[:len(whole) // 24 * 24].reshape(-1, 1, 24, 24)

def decibels(samples, rate):
    return 10 * np.log10(power(samples) + 1e-5)

def by_itself(samples, rate):
    mel = log_mel(samples, rate)
    return (mel - mel.mean()) / mel.std()

def resamples(samples, rate):
    count = round(len(samples) * 8000 / rate)
    return log_mel(np.interp(np.arange(count) * rate / 8000, np.arange(len(samples)), samples), 8000)

def dithered(samples, rate):
    return log_mel(samples + 1e-3 * np.random.normal(size=len(samples)), rate)

def minus_infinity(samples, rate):
    return np.log(power(samples * (np.arange(len(samples)) > 3000)) + 0.0)

def windows_by_themselves(samples, rate):
    mel = log_mel(samples, rate)
    mel = np.concatenate([mel[..., begin:begin + 24] for begin in range(0, mel.shape[-1] - 23, 24)])
    return (mel - mel.mean((1, 2, 3), keepdims=True)) / mel.std((1, 2, 3), keepdims=True)

# What librosa's functions are called and take by default, for these 24 bands.
power_of = power

def melspectrogram(*, y=None, sr=8000, S=None, n_fft=256, hop_length=100, win_length=None, window="hann", center=True,
                   pad_mode="reflect", power=2.0, **kwargs):
    return power_of(y)

def mel(*, sr, n_fft, n_mels=24, fmin=100.0, fmax=None, htk=True, norm=None, dtype=np.float32): pass

def power_to_db(S, *, ref=1.0, amin=1e-10, top_db=80.0):
    level = 10 * np.log10(np.maximum(amin, S)) - 10 * np.log10(np.maximum(amin, ref(S) if callable(ref) else ref))
    return level if top_db is None else np.maximum(level, level.max() - top_db)

melspectrogram.__module__, power_to_db.__module__ = "librosa.feature.spectral", "librosa.core.spectrum"
sys.modules["librosa"] = types.SimpleNamespace(filters=types.SimpleNamespace(mel=mel))
largest = [melspectrogram, functools.partial(power_to_db, ref=np.max, top_db=40)]
reference = [functools.partial(melspectrogram, sr=8000), functools.partial(power_to_db, ref=0.01, top_db=None)]
median = [melspectrogram, functools.partial(power_to_db, ref=np.median)]
hamming = [functools.partial(melspectrogram, window="hamming")]
edge = [functools.partial(melspectrogram, pad_mode="edge")]
cubic = functools.partial(melspectrogram, power=3.0)
twice = [*reference, power_to_db]
unknown = [melspectrogram, log_mel]

def extractor(name, **fields):
    return type(name, (), {"__module__": f"transformers.models.{name.lower()}", **fields})()

speech = extractor("ASTFeatureExtractor", num_mel_bins=128)
samples_alone = extractor("Wav2Vec2FeatureExtractor")
fusion = extractor("ClapFeatureExtractor", truncation="fusion", padding="pad")
dithering = extractor("WhisperFeatureExtractor", dither=0.1)

def constant(samples, rate): return np.zeros((1, 1, 24, 60))
def nothing(samples, rate): pass
def words(samples, rate): return "log-mel"
def lone(samples, rate): return samples
def ragged(samples, rate): return [[1], [1, 2]]
def complex_numbers(samples, rate): return np.ones((24, 60)) * 1j
def raising(samples, rate): return {}["mel"]
def leaving(samples, rate): sys.exit("I leave")
def one_argument(samples): return samples
number = 3
"""


def altered(card, changes):
    """A card with other values for some fields, named like front_end.log.floor."""
    card = copy.deepcopy(card)
    for field, value in changes.items():
        *path, last = field.split(".")
        place = card
        for name in path:
            place = place.setdefault(name, {})
        place[last] = value
    return card


def samples_of(seconds, rate_hz):
    """A sweep in noise, in steps of loudness."""
    t = np.arange(round(seconds * rate_hz))
    noise = np.random.default_rng(1).uniform(-0.1, 0.1, t.size)
    return (np.where(t // 1024 % 2 == 0, 1.0, 0.1) * (0.4 * np.sin(1e-4 * t**2) + noise)).astype(np.float32)


def wav(data, coding, channels, bits, extensible=False, size=None):
    layout = struct.pack("<HHIIHH", 0xFFFE if extensible else coding, channels, RATE_HZ, RATE_HZ * channels * bits // 8,
                         channels * bits // 8, bits)
    if extensible:
        layout += struct.pack("<HHIH14s", 22, bits, 0, coding, b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x008\x9bq")
    chunks = (b"fmt " + struct.pack("<I", len(layout)) + layout + b"note" + struct.pack("<I", 3) + b"odd\0" +
              b"data" + struct.pack("<I", len(data) if size is None else size) + data)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


class InFolder(unittest.TestCase):
    def setUp(self):
        if not program.PROGRAM.exists():
            self.skipTest(f"{program.PROGRAM} is not there")
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)


class Search(InFolder):
    """torchaudio's recorded log-mel, and its card with wrong fields."""

    def setUp(self):
        super().setUp()
        self.card = json.loads((SOURCE_FOLDER / "models/front-ends/torchaudio.json").read_text())
        self.card["input"]["window_frames"] = 20
        self.theirs = np.load(ARRAYS / "torchaudio.npy")
        self.recording = sound.write_recording(self.folder / "signal.wav", np.load(ARRAYS / "signal.npy"),
                                               self.card["front_end"]["sample_rate_hz"])

    def explain(self, theirs, changes):
        def spectrogram_of(card):
            try:
                return program.spectrogram(self.recording, card, self.folder)
            except Stop:
                return None

        return explanation.explain(theirs, altered(self.card, changes), spectrogram_of)

    def test_the_field_that_is_wrong_is_named_with_the_right_value(self):
        cases = (
            ({"input.axes": ["batch", "channel", "time", "frequency"]}, 'axes ["batch", "channel", "frequency", "time"]'),
            ({"front_end.mel_scale": "slaney"}, 'mel_scale "htk"'),
            ({"front_end.log.base": "e"}, 'log.base "10"'),
            ({"front_end.log.scale": 20}, "log.scale 10"),
            ({"front_end.log.floor": 1e-5}, "log.floor 1e-10"),
            ({"front_end.log.floor": 0, "front_end.log.offset": 1e-3}, "log.floor 1e-10"),
            ({"front_end.band_norm": "slaney"}, 'band_norm "none"'),
            ({"front_end.padding": "zero"}, 'padding "reflect"'),
            ({"front_end.spectrum": "magnitude"}, 'spectrum "power"'),
            ({"front_end.sample_rate_hz": 22050}, "sample_rate_hz 16000"),
            ({"front_end.normalisation": {"subtract": -4, "divide": 5}}, "subtract 0 instead of -4"),
            ({"front_end.window": "hann_symmetric"}, 'window "hann_periodic"'),
        )
        for changes, expected in cases:
            with self.subTest(changes):
                found = self.explain(self.theirs, changes)
                self.assertIn(expected, found.changes[0])
                self.assertEqual(len(found.changes), 1)
                self.assertLess(found.after, 1e-4)

    def test_two_fields_that_are_wrong_are_both_named(self):
        found = self.explain(self.theirs, {"front_end.mel_scale": "slaney", "front_end.spectrum": "magnitude"})
        self.assertEqual(sorted(text.split()[0] for text in found.changes), ["front_end.mel_scale", "front_end.spectrum"])
        self.assertLess(found.after, 1e-4)

    def test_what_no_field_explains_is_not_explained(self):
        noise = np.random.default_rng(0).normal(-20, 5, self.theirs.shape).astype(np.float32)
        self.assertIsNone(self.explain(noise, {}))


class WavFiles(InFolder):
    def test_every_coding_gives_the_samples_that_relax_spectro_reads(self):
        steps = np.arange(-60, 60) * 2  # of 128: every coding holds them exactly
        stereo = np.stack([np.tile(steps, 40), np.tile(steps[::-1] // 4, 40)], axis=1)
        expected = (stereo / 128).mean(axis=1)
        fine = (stereo.astype("<i8") << 56).astype("<i8")
        files = {
            "8": wav((stereo + 128).astype(np.uint8).tobytes(), 1, 2, 8),
            "16": wav((stereo << 8).astype("<i2").tobytes(), 1, 2, 16),
            "24": wav(np.ascontiguousarray((fine >> 40).astype("<i4").view(np.uint8).reshape(-1, 4)[:, :3]).tobytes(), 1, 2, 24),
            "32": wav((fine >> 32).astype("<i4").tobytes(), 1, 2, 32),
            "float": wav((stereo / 128).astype("<f4").tobytes(), 3, 2, 32),
            "double": wav((stereo / 128).astype("<f8").tobytes(), 3, 2, 64),
            "extensible": wav((stereo << 8).astype("<i2").tobytes(), 1, 2, 16, extensible=True),
            "length-unknown": wav((stereo << 8).astype("<i2").tobytes(), 1, 2, 16, size=0xFFFFFFFF),
        }
        for name, content in files.items():
            with self.subTest(name):
                path = self.folder / f"{name}.wav"
                path.write_bytes(content)
                samples, rate_hz = sound.read_recording(path)
                self.assertEqual(rate_hz, RATE_HZ)
                np.testing.assert_array_equal(samples, expected.astype(np.float32))
                program.seen(path, samples, rate_hz, CARD, self.folder)  # compares with relax-spectro's own reading

    def test_samples_that_relax_spectro_does_not_read_are_noticed(self):
        samples = samples_of(1, RATE_HZ)
        path = sound.write_recording(self.folder / "a.wav", samples, RATE_HZ)
        with self.assertRaisesRegex(Stop, "other samples"):
            program.seen(path, samples * 1.01, RATE_HZ, CARD, self.folder)


class CommandLine(InFolder):
    """With a Python that has numpy but not torch: everything before the network."""

    def setUp(self):
        super().setUp()
        self.bird, self.card, self.made = (self.folder / name for name in ("bird.py", "card.json", "made.pt"))
        self.bird.write_text(BIRD)
        self.card.write_text(json.dumps(CARD))
        self.recording = sound.write_recording(self.folder / "call.wav", samples_of(1.2, RATE_HZ), RATE_HZ)
        self.lacking("torch")

    def lacking(self, *names):
        """Packages that cannot be imported, even if they are installed."""
        folder = self.folder / "lacking"
        folder.mkdir(exist_ok=True)
        for name in names:
            (folder / f"{name}.py").write_text(f"raise ImportError('No module named {name}')")

    def export(self, *options, model="bird.py:number"):
        command = [sys.executable, "-B", EXPORT, model, "--card", self.card, "-o", self.made, *options]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, cwd=self.folder,
                              env={**os.environ, "PYTHONPATH": str(self.folder / "lacking")})
        self.assertNotIn("Traceback", done.stderr)
        return done

    def through(self, name, recording=None):
        return self.export("--front-end", f"bird.py:{name}", "--recording", recording or self.recording)

    def require_different(self, done, *expected):
        self.assertEqual(done.returncode, DIFFERENT, done.stdout + done.stderr)
        verdict = done.stdout.splitlines()[-1]
        self.assertTrue(verdict.startswith("not verified: "), verdict)
        for text in expected:
            self.assertIn(text, verdict)
        self.assertFalse(self.made.exists())

    def require_refused(self, done, code, *expected):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        errors = [line for line in done.stderr.splitlines() if line.startswith("export: error: ")]
        self.assertEqual(errors, done.stderr.splitlines())
        self.assertEqual(len(errors), 1)
        for text in expected:
            self.assertIn(text, errors[0])

    def test_a_front_end_that_is_the_card_s_agrees(self):
        done = self.through("log_mel")
        self.assertIn("the input of call.wav: largest difference", done.stdout)
        self.require_refused(done, WRONG_REQUEST, "cannot import torch", "apt install python3-torch")  # and no earlier

    def test_swapped_axes_are_named_although_both_are_as_long(self):
        self.require_different(self.through("time_first"), 'input.axes ["batch", "channel", "time", "frequency"]')

    def test_a_front_end_that_always_returns_the_same_value_is_said_to(self):
        card = altered(CARD, {"front_end.log": {"base": "10", "scale": 10, "offset": 1e-5}})
        self.card.write_text(json.dumps(card))
        self.require_different(self.through("constant"), "returns the same value everywhere")

    def test_decibels_are_named(self):
        self.require_different(self.through("decibels"), 'front_end.log.base "10"', "front_end.log.scale 10")

    def test_a_normalisation_of_each_recording_by_itself_is_never_verified(self):
        self.require_different(self.through("by_itself"), "each recording's own level")
        self.card.write_text(json.dumps(altered(CARD, {"front_end.normalisation": self.normalisation_of_the_recording()})))
        self.require_different(self.through("by_itself"), "agree", "each recording's own level")

    def test_a_normalisation_of_each_window_agrees_if_the_card_says_so(self):
        self.require_different(self.through("windows_by_themselves"), 'front_end.normalisation.window "mean_deviation"')
        self.card.write_text(json.dumps(altered(CARD, {"front_end.normalisation.window": "mean_deviation"})))
        self.require_agreement(self.through("windows_by_themselves"))
        self.require_agreement(self.through("by_itself"))  # for a recording of one window it is the same

    def without_front_end(self):
        card = copy.deepcopy(CARD)
        del card["front_end"]
        self.card.write_text(json.dumps(card))

    def require_agreement(self, done):
        """Up to where it needs torch."""
        self.require_refused(done, WRONG_REQUEST, "cannot import torch")

    def test_a_front_end_of_a_library_becomes_the_card_s(self):
        self.without_front_end()
        for name in ("reference", "largest"):
            with self.subTest(name):
                self.require_agreement(self.through(name))

    def test_what_the_card_cannot_say_is_refused_by_the_field_s_name(self):
        self.without_front_end()
        for name, field in (("median", "normalisation.window cannot"), ("hamming", "front_end.window cannot"),
                            ("edge", "padding cannot"), ("cubic", "spectrum cannot"), ("twice", "log cannot"),
                            ("unknown", "bird.log_mel is a step that is not known"), ("speech", "pre_emphasis cannot"),
                            ("samples_alone", "no spectrogram"), ("fusion", "truncation is 'fusion'"),
                            ("dithering", "dither is 0.1")):
            with self.subTest(name):
                self.require_refused(self.through(name), WRONG_REQUEST, field)
        self.require_refused(self.through("log_mel"), WRONG_REQUEST, "lacks 'front_end'")
        self.card.write_text(json.dumps(CARD))
        self.require_refused(self.through("reference"), WRONG_REQUEST, "leave out one of both")

    def normalisation_of_the_recording(self):
        mel = program.spectrogram(self.recording, CARD, self.folder)
        return {"subtract": float(mel.mean(dtype=float)), "divide": float(mel.std(dtype=float))}

    def test_another_sample_rate_is_named(self):
        other = sound.write_recording(self.folder / "other.wav", samples_of(1.2, 11025), 11025)
        self.require_different(self.through("log_mel", other), "11025", "does not resample")
        self.require_different(self.through("resamples", other), "resamples in another way")

    def test_a_random_front_end_is_named(self):
        self.require_different(self.through("dithered"), "the second time")

    def test_values_that_are_not_finite_are_named(self):
        self.require_different(self.through("minus_infinity"), "not finite", "front_end.log")

    def test_a_front_end_that_gives_something_else_is_an_error_of_one_line(self):
        for name, expected in (("nothing", "returned NoneType"), ("words", "returned str"), ("lone", "shape"),
                               ("ragged", "returned list"), ("complex_numbers", "complex128"),
                               ("raising", "KeyError: 'mel' ("), ("leaving", "SystemExit: I leave")):
            with self.subTest(name):
                self.require_refused(self.through(name), FAILURE, f"front end bird.py:{name}: ", expected)

    def test_a_wrong_callable_is_an_error_of_one_line(self):
        for name, expected in (("one_argument", "(samples, sample_rate_hz)"), ("number", "nothing to call"),
                               ("log_mle", "did you mean log_mel?")):
            with self.subTest(name):
                self.require_refused(self.through(name), WRONG_REQUEST, expected)
        self.require_refused(self.export("--front-end", "birds.py:log_mel"), WRONG_REQUEST, "there is no file birds.py")
        (self.folder / "broken.py").write_text("def (")
        self.require_refused(self.export("--front-end", "broken.py:log_mel"), FAILURE, "SyntaxError")

    def test_a_recording_that_cannot_be_used_is_an_error_of_one_line(self):
        (self.folder / "text.wav").write_text("no sound")
        self.require_refused(self.through("log_mel", "text.wav"), FAILURE, "text.wav", "not a recording")
        self.require_refused(self.through("log_mel", "none.wav"), WRONG_REQUEST, "none.wav: no such file")
        short = sound.write_recording(self.folder / "short.wav", samples_of(0.1, RATE_HZ), RATE_HZ)
        self.require_refused(self.through("log_mel", short), WRONG_REQUEST, "give a longer --recording")

    def test_a_card_that_lies_beside_the_output_is_not_passed_over(self):
        other = altered(CARD, {"front_end.mel_scale": "slaney"})
        (self.folder / "made.json").write_text(json.dumps(other))
        self.require_refused(self.export(), WRONG_REQUEST, "made.json", "move it away")

    def test_outputs_that_are_no_model_s_are_refused(self):
        self.made = self.folder / "made.txt"
        self.require_refused(self.export(), WRONG_REQUEST, "expected that ending")
        self.made = self.folder / "made.pt"
        self.made.write_text("mine")
        self.require_refused(self.export(), WRONG_REQUEST, "holds no model card")
        self.assertEqual(self.made.read_text(), "mine")

    def test_a_card_is_checked_before_any_code_is_run(self):
        (self.folder / "bird.py").write_text("raise RuntimeError('was run')")
        for text, expected in (("no json", "is no model card"), ("{}", "lacks 'input'"), ("[]", "is no model card")):
            with self.subTest(text):
                self.card.write_text(text)
                self.require_refused(self.through("log_mel"), WRONG_REQUEST, expected)

    def test_it_says_that_numpy_is_not_there(self):
        self.lacking("numpy")
        self.require_refused(self.export(), WRONG_REQUEST, "cannot import numpy", "apt install python3-numpy")


class Verdict(unittest.TestCase):
    def last_line(self, outputs):
        loader = SourceFileLoader("export_script", str(EXPORT))
        script = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
        loader.exec_module(script)
        options = argparse.Namespace(front_end=None, recording=None, output="bird.pt")
        with contextlib.redirect_stdout(io.StringIO()) as said:
            script.say_verdict(options, {**CARD, "outputs": outputs}, 1, 1)
        return said.getvalue().splitlines()[-1]

    def test_a_network_without_an_embedding_is_given_its_command(self):
        self.assertTrue(self.last_line({"class_scores": {}}).endswith("explain RECORDING --model bird.pt --score top"))
        self.assertEqual(self.last_line({"class_scores": {}, "embedding": {}}), "bird.pt")


class Comparison(unittest.TestCase):
    def test_windows_begin_a_hop_apart_and_the_last_one_ends_with_the_recording(self):
        card = {"input": {"window_frames": 10, "hop_frames": 4}}
        self.assertEqual(comparison.begins_of(card, 10), [0])
        self.assertEqual(comparison.begins_of(card, 18), [0, 4, 8])
        self.assertEqual(comparison.begins_of(card, 21), [0, 4, 8, 11])
        self.assertEqual(comparison.begins_of(card, 3), [0])

    def test_a_window_and_its_axes_are_each_other_s_inverse(self):
        window = np.arange(6.0).reshape(2, 3)
        for axes in (["batch", "time", "frequency"], ["batch", "time", "channel", "frequency"],
                     ["batch", "channel", "frequency", "time"]):
            given = comparison.as_given(window, axes, 1)
            self.assertEqual(given.ndim, len(axes))
            np.testing.assert_array_equal(comparison.canonical(given, axes)[0, 0], window)


if __name__ == "__main__":
    unittest.main()
