"""listen: its sounds, and the numbers that say how well they are what the network was given."""

import json
import signal
import subprocess
import time
import unittest
import wave
from pathlib import Path

import numpy as np

from cli_test_case import FAILURE, RATE_HZ, USAGE, CliTestCase, noise, write_wav


def read_wav(path):
    """The channels of a wav of 24 bits, and its rate."""
    with wave.open(str(path)) as file:
        assert file.getsampwidth() == 3, file.getsampwidth()
        data = np.frombuffer(file.readframes(file.getnframes()), np.uint8).reshape(-1, 3)
        whole = np.zeros((len(data), 4), np.uint8)
        whole[:, 1:] = data
        samples = whole.view("<i4").astype(float).reshape(-1, file.getnchannels()) / 2**31
        return samples, file.getframerate()


class Listen(CliTestCase):
    rate_hz = 11025

    def setUp(self):
        super().setUp()
        left, right = noise(0.5, self.rate_hz), noise(0.5, self.rate_hz, seed=2)
        self.samples = np.stack([left, 0.5 * right], axis=1)
        self.recording = write_wav(self.folder / "dog.wav", self.samples, self.rate_hz)
        self.arrays, _ = self.explain(self.recording, "--fill", "band-mean", model="tuple", masks=512)
        self.sounds = self.folder / "sounds"

    def command(self, *options):
        return ["listen", self.output / "dog.json", "-o", self.sounds, *options]

    def listen(self, *options, stderr=""):
        said = self.assert_succeeds(self.command(*options), stderr=stderr)
        return said, json.loads((self.sounds / "dog.listen.json").read_text(encoding="utf-8"))

    def log_mel(self, path):
        self.assert_succeeds(["spectrogram", path, "-m", self.model("tuple"), "-o", "seen", "--figure", "none", "-q"])
        with np.load(self.folder / "seen" / f"{path.stem}.spectrogram.npz") as arrays:
            return arrays["spectrogram"]

    def test_the_sound_has_the_log_mel_that_it_says(self):
        _, made = self.listen()
        # Names of stages get their ending, so that they are not taken for other files.
        own = self.log_mel(self.recording)[:, :self.arrays["contrast"].shape[1]]
        contrast = self.arrays["contrast"]
        low, high = np.sort(contrast, axis=None)[[int(q * (contrast.size - 1)) for q in (0.5, 0.95)]]
        salient = np.clip((contrast - low) / (high - low), 0, 1)
        silence = self.log_mel(write_wav(self.folder / "silent.wav", np.zeros(4000))).min()
        for name, weight, sound in zip(("salient", "rest"), (salient, 1 - salient), made["sounds"]):
            wanted = weight * own + (1 - weight) * silence
            samples, rate_hz = read_wav(self.sounds / f"dog.{name}.wav")
            self.assertEqual((samples.shape, rate_hz), (self.samples.shape, self.rate_hz))
            mean = write_wav(self.folder / f"{name}-mean.wav", samples.mean(axis=1), self.rate_hz)
            error = np.log(10) * (self.log_mel(mean)[:, :own.shape[1]] - wanted)  # the front end takes log10
            said = sound["log_mel_error_nats"]
            self.assertAlmostEqual(np.sqrt(np.mean(error**2)), said["all"], delta=0.01 * said["all"])
            self.assertLess(said["all"], 0.2 * np.sqrt(np.mean((own - wanted) ** 2)))
            self.assertGreater(sound["cosine"], 0.9)
            self.assertEqual(len(sound["heard"]), len(sound["heard_in_input"]))

    def test_all_of_the_map_is_the_recording(self):
        self.listen("--select", "top:1", "--beyond", "--ab")
        samples, _ = read_wav(self.sounds / "dog.salient.wav")
        np.testing.assert_allclose(samples, self.samples, atol=2**-22)
        rest, _ = read_wav(self.sounds / "dog.rest.wav")
        joined, _ = read_wav(self.sounds / "dog.ab.wav")
        pause = np.zeros((int(0.3 * self.rate_hz), 2))
        np.testing.assert_allclose(joined, np.concatenate([samples, pause, samples, pause, rest]), atol=2**-22)
        self.listen("--select", "top:1", "--overwrite")
        rest, _ = read_wav(self.sounds / "dog.rest.wav")
        self.assertLess(np.abs(rest).max(), 1e-3)

    def test_regions_have_a_sound_each(self):
        said, made = self.listen("--select", "regions", "--fill", "own")
        self.assertGreater(len(made["sounds"]), 0)
        self.assertEqual(said.count(".wav: "), len(made["sounds"]))
        for sound in made["sounds"]:
            box = sound["region"]
            samples, _ = read_wav(self.sounds / sound["file"])
            self.assertEqual(samples.shape[1], 2)
            self.assertLessEqual(len(samples), self.rate_hz * (box["end_s"] - box["begin_s"] + 128 / RATE_HZ) + 2)
            self.assertLess(np.abs(samples[[0, -1]]).max(), 1e-3)

    def test_without_the_model_there_is_sound(self):
        result = self.output / "dog.json"
        result.write_text(result.read_text().replace(str(self.model("tuple")), "gone.pt"))
        _, made = self.listen("-q")
        self.assertIn("the model is not there", made["warnings"][0])
        self.assertNotIn("cosine", made["sounds"][0])

    def test_the_same_command_gives_the_same_bytes(self):
        self.listen()
        first = {path.name: path.read_bytes() for path in self.sounds.glob("*.wav")}
        self.assertEqual(set(first), {"dog.salient.wav", "dog.rest.wav"})
        self.assertEqual(self.relax(*self.command()).returncode, FAILURE)
        self.listen("--overwrite")
        self.assertEqual(first, {path.name: path.read_bytes() for path in self.sounds.glob("*.wav")})

    def test_other_sounds_are_not_overwritten(self):
        self.sounds.mkdir()
        mine = write_wav(self.sounds / "dog.rest.wav", noise(0.1))
        before = mine.read_bytes()
        done = self.relax(*self.command("--overwrite"))
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("did not make it", done.stderr)
        self.assertEqual([path.name for path in self.sounds.iterdir()], [mine.name])
        self.assertEqual(mine.read_bytes(), before)

    def test_silence_is_not_called_too_loud(self):
        self.samples[len(self.samples) // 2:] = 0
        write_wav(self.recording, self.samples, self.rate_hz)
        self.explain(self.recording, "--fill", "silence", model="tuple", masks=512, output=self.folder / "again")
        self.output = self.folder / "again"
        _, made = self.listen("-q")
        self.assertEqual([sound["too_loud_share"] for sound in made["sounds"]], [0, 0])

    def test_sounds_that_mean_nothing_are_told(self):
        _, made = self.listen("--select", "se:9999", "-q")
        self.assertEqual(len(made["warnings"]), 1)
        self.assertIn("nothing is salient by se:9999", made["warnings"][0])
        self.output = self.folder / "few"
        self.explain(self.recording, model="tuple", masks=4, output=self.output)
        _, made = self.listen("-q", "--overwrite")
        self.assertIn("the map is not resolved: unresolved", made["warnings"][0])

    def test_an_interrupt_leaves_nothing(self):
        long = write_wav(self.folder / "dog.wav", noise(120, self.rate_hz), self.rate_hz)
        self.output = self.folder / "long"
        self.explain(long, model="tuple", masks=20, output=self.output)
        with subprocess.Popen([str(part) for part in (self.programs / "relax-spectro", *self.command())], cwd=self.folder,
                              stderr=subprocess.PIPE, text=True) as run:
            while run.poll() is None and not list(self.sounds.glob(".*.partial.*")):
                time.sleep(0.001)
            run.send_signal(signal.SIGINT)
            _, said = run.communicate()
        self.assertEqual(run.returncode, 130)
        self.assertIn("interrupted", said)
        self.assertEqual(list(self.sounds.iterdir()), [])

    @unittest.skipUnless(Path("/proc/self").is_dir(), "needs a folder in which not even root may write")
    def test_a_folder_that_takes_no_files(self):
        self.sounds = "/proc"
        done = self.relax(*self.command())
        self.assertEqual(done.returncode, FAILURE)
        self.assertRegex(done.stderr, r"/proc/dog\.salient\.wav: cannot be written: [A-Z][a-z ]+\n\Z")

    def test_refusals(self):
        for option, value, message in (
            ("--select", "half", "expected contrast, top:SHARE, se:Z, otsu or regions"),
            ("--select", "top:2", "expected a share above 0 and up to 1"),
            ("--select", "se:-1", "expected 0 or more standard errors"),
            ("--fill", "quiet", "fill 'quiet' is not known"),
        ):
            with self.subTest(value=value):
                done = self.relax(*self.command(option, value))
                self.assertEqual(done.returncode, USAGE)
                self.assertIn(message, done.stderr)
        self.assertFalse(self.sounds.exists())


if __name__ == "__main__":
    unittest.main()
