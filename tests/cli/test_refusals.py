"""Refused input: every unusable recording, model or option gives its own exit code, one message
with the reason, and no file."""

import os
import unittest

import numpy as np

from cli_test_case import (BANDS, CliTestCase, FAILURE, FRAMES, ONE_WINDOW_S, RATE_HZ, SOURCE_FOLDER, USAGE, noise,
                           quick, write_wav)


class Recordings(CliTestCase):
    """Most use the stage that loads no network, because all stages read recordings the same way."""

    def assert_not_heard(self, recording, *expected, options=(), stage="spectrogram"):
        self.assert_refused((stage, recording, "--model", self.model("rectangle"), "-o",
                             self.output, *options), FAILURE, recording, *expected)

    def file_of(self, name, content):
        path = self.folder / name
        path.write_bytes(content)
        return path

    def test_a_missing_file(self):
        for stage in ("spectrogram", "explain"):
            self.assert_not_heard(self.folder / "missing.wav", "no such file", stage=stage)

    def test_a_folder(self):
        (self.folder / "folder.wav").mkdir()
        self.assert_not_heard(self.folder / "folder.wav", "is a folder, expected a file")

    def test_an_empty_file(self):
        self.assert_not_heard(self.file_of("empty.wav", b""), "empty (0 bytes)")

    def test_a_recording_without_frames(self):
        self.assert_not_heard(write_wav(self.folder / "none.wav", []), "no frames")

    def test_samples_that_are_not_finite(self):
        for name, value in (("nan", np.nan), ("inf", np.inf), ("-inf", -np.inf)):
            samples = noise(0.5)
            samples[1000] = value
            self.assert_not_heard(write_wav(self.folder / "bad.wav", samples), "frame 1000",
                                  "0.125 s", name, "must be finite")

    def test_a_file_that_was_cut_off(self):
        samples = noise(0.5)
        promised = 2 * 4 * len(samples)
        recording = write_wav(self.folder / "cut.wav", samples, promised_bytes=promised)
        for stage in ("spectrogram", "explain"):
            self.assert_not_heard(recording, "truncated", promised, 4 * len(samples), stage=stage)

    def test_a_file_that_is_no_sound(self):
        self.assert_not_heard(self.file_of("text.wav", b"This is not a recording.\n"),
                              "not a recording", "wav, flac, ogg")
        self.assert_not_heard(self.file_of("header.wav", b"RIFF\x24\0\0\0WAVE"), "not a recording")

    def test_a_file_that_may_not_be_read(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        recording = self.noise_file()
        recording.chmod(0)
        self.assert_not_heard(recording, "cannot be opened")

    def test_a_channel_that_is_not_there(self):
        recording = write_wav(self.folder / "stereo.wav", np.zeros((RATE_HZ, 2)))
        for channel in ("0", "3", "-1"):
            self.assert_not_heard(recording, f"no channel {channel}", "has 2",
                                  options=("--channel", channel))

    def test_a_recording_that_is_given_twice(self):
        recording = self.noise_file()
        again = self.folder / "." / "sub" / ".." / "noise.wav"
        (self.folder / "sub").mkdir()
        for stage in ("spectrogram", "explain"):
            self.assert_refused((stage, recording, again, "--model", self.model("rectangle"), "-o",
                                 self.output), USAGE, "noise.wav", "given twice")


class Models(CliTestCase):
    def assert_no_model(self, path, code, *expected):
        """Through explain, with a recording that could be explained."""
        return self.assert_refused(
            ("explain", self.recording, "--model", path, "-o", self.output, *quick()), code,
            path, *expected)

    def setUp(self):
        super().setUp()
        self.recording = self.noise_file(duration_s=ONE_WINDOW_S)

    def test_every_model_that_cannot_be_explained(self):
        refusals = {
            "no-card": ("no model card", "no-card.json", '"front_end"'),
            "hash-mismatch": ("0" * 64, "is not the file that its card describes"),
            "state-dict": ("no TorchScript network", "relax-spectro import"),
            "text": ("is text",),
            "wrong-shape": ("(2, 1, 16, 20)", "16 bands", "20 frames"),
            "raw-audio": ("aten::stft", "log-mel front end", '"samples"'),
            "wide-output": ("one row a window",),
            "batch-dependent": ("a window alone", "eval mode"),
            "stateful": ("state",),
            "random-output": ("the second time", "random"),
            "nan-output": ("NaN or infinity",),
            "missing-method": ("no method 'embed'",),
            "missing-key": ("'features'", "classes, embedding"),
            "key-of-a-tensor": ("'features'",),
            "numbered-dict": ("'features'",),
            "wrong-position": ("tuple of 2", "position 5"),
            "short-list": ("list of 2", "position 5"),
            "on-cuda": ("makes a tensor on cuda:0",),
            "too-many-labels": ("2 class scores", "3 labels"),
        }
        for name, expected in refusals.items():
            with self.subTest(name):
                self.assert_no_model(self.model(name), FAILURE, *expected)

    def test_every_card_that_is_not_valid(self):
        refusals = {
            "unknown-field": ("license", "is not a known field", "licence"),
            "bad-json": ("not JSON",),
            "newer-card": ("card_version", "is 2", "reads 1"),
        }
        for name, expected in refusals.items():
            with self.subTest(name):
                card = self.models / f"{name}.json"
                self.assert_refused(("explain", self.recording, "--model", self.model(name), "-o",
                                     self.output, *quick()), USAGE, card, *expected)

    def test_a_model_without_an_embedding_has_no_cosine(self):
        self.assert_refused(("explain", self.recording, "--model", self.model("class-scores-only"),
                             "-o", self.output, *quick()), USAGE, "cosine", "use --score top",
                            "outputs.embedding")

    def test_a_card_is_no_model(self):
        self.assert_no_model(self.models / "rectangle.json", FAILURE, "is a model card", ".pt")

    def test_files_that_are_none(self):
        self.assert_no_model(self.folder / "missing.pt", FAILURE, "no such model")
        (self.folder / "folder.pt").mkdir()
        self.assert_no_model(self.folder / "folder.pt", FAILURE, "is a folder, expected a model file")
        (self.folder / "empty.pt").touch()
        self.assert_no_model(self.folder / "empty.pt", FAILURE, "empty (0 bytes)")

    def test_a_model_that_was_not_fetched(self):
        if (SOURCE_FOLDER / ".deps/pretrained/aisfx.pt").exists():
            self.skipTest("aisfx was fetched")
        self.assert_no_model("aisfx", FAILURE, "no such model", "; scripts/setup --pretrained fetches aisfx")

    def test_a_model_that_was_cut_off(self):
        whole = self.model("rectangle").read_bytes()
        cut = self.folder / "cut.pt"
        cut.write_bytes(whole[:len(whole) // 2])
        cut.with_suffix(".json").write_bytes((self.models / "rectangle.json").read_bytes())
        self.assert_no_model(cut, FAILURE, "is truncated")


class Outputs(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recording = self.noise_file(duration_s=ONE_WINDOW_S)
        self.arguments = ("explain", self.recording, "--model", self.model("rectangle"), "-o",
                          self.output, "--quiet", *quick(figure="svg"))

    def test_each_result_that_is_there_is_kept_unless_told_otherwise(self):
        self.output.mkdir()
        for ending in ("npz", "json", "svg"):
            there = self.output / f"noise.{ending}"
            there.write_text("precious")
            done = self.relax(*self.arguments)
            self.assertEqual((done.returncode, done.stdout), (FAILURE, ""))
            self.assertIn(f"{there}: already exists, and relax-spectro did not make it", done.stderr)
            self.assertEqual(self.files_left(), [there.name])
            self.assertEqual(there.read_text(), "precious")
            there.unlink()

    def test_overwrite_replaces_results(self):
        self.assert_shows((*self.arguments, "--seed", 5), f"{self.output}/noise.svg")
        old = (self.output / "noise.npz").read_bytes()
        done = self.relax(*self.arguments)
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("already exists; name another output, or add --overwrite", done.stderr)
        self.assert_shows((*self.arguments, "--overwrite"), f"{self.output}/noise.svg")
        self.assertEqual(self.files_left(), ["noise.json", "noise.npz", "noise.svg"])
        with np.load(self.output / "noise.npz") as arrays:
            self.assertEqual(arrays["importance"].shape, (BANDS, FRAMES))
        self.assertNotEqual((self.output / "noise.npz").read_bytes(), old)

    def test_a_folder_that_cannot_be_made(self):
        (self.folder / "file").write_text("in the way")
        output = self.folder / "file" / "results"
        for arguments in (("explain", self.recording, "--model", self.model("rectangle"), "-o",
                           output, "--quiet", *quick()),
                          ("spectrogram", self.recording, "--model", self.model("rectangle"), "-o",
                           output),
                          ("masks", "--shape", "16x20", "-o", output / "masks.npz"),
                          ("embed", self.recording, "--model", self.model("rectangle"), "-o",
                           output / "embeddings.csv")):
            self.assert_refused(arguments, FAILURE, f"{output.parent}: expected a folder", "-o")
        self.assertEqual((self.folder / "file").read_text(), "in the way")

    def test_a_folder_that_may_not_be_written(self):
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        self.output.mkdir(mode=0o555)
        self.assert_refused(self.arguments, FAILURE, self.output, "cannot be written")

    def test_a_folder_where_a_file_should_be(self):
        (self.output / "masks.npz").mkdir(parents=True)
        self.assert_refused(("masks", "--shape", "16x20", "-o", self.output / "masks.npz",
                             "--overwrite"), FAILURE, self.output / "masks.npz")


if __name__ == "__main__":
    unittest.main()
