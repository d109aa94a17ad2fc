"""Small stages: spectrogram, embed, model."""

import csv
import hashlib
import io
import json
import shutil
import unittest
from pathlib import Path

import numpy as np

from cli_test_case import (BANDS, CliTestCase, FAILURE, FRAMES, HOP, RATE_HZ, SOME_FAILED, SOURCE_FOLDER, USAGE, WINDOW,
                           quick, tone, write_wav)


class Spectrogram(CliTestCase):
    def test_arrays_show_a_tone_in_its_band_for_its_time(self):
        sound = np.concatenate([np.zeros(RATE_HZ // 4), tone(1000, 0.25)])
        recording = write_wav(self.folder / "tone.wav", sound)
        path = self.output / "tone.spectrogram.npz"
        self.assert_succeeds(("spectrogram", recording, "--model", self.model("rectangle"), "-o",
                              self.output), stdout=f"{path}\n")
        self.assertEqual(self.files_left(), ["tone.spectrogram.npz", "tone.spectrogram.png"])
        with np.load(path) as arrays:
            self.assertEqual(set(arrays.files), {"spectrogram", "time_s", "frequency_hz"})
            values, time_s = arrays["spectrogram"], arrays["time_s"]
            frequency_hz = arrays["frequency_hz"]
        frames = 1 + (len(sound) - WINDOW) // HOP
        self.assertEqual(values.shape, (BANDS, frames))
        np.testing.assert_allclose(time_s, (np.arange(frames) * HOP + WINDOW / 2) / RATE_HZ)
        band, frame = np.unravel_index(np.argmax(values), values.shape)
        self.assertEqual(band, np.argmin(np.abs(frequency_hz - 1000)))
        self.assertGreater(time_s[frame], 0.25)
        np.testing.assert_array_equal(values[:, time_s < 0.24], -2)

    def test_the_card_alone_is_enough(self):
        recording = self.noise_file()
        card = self.models / "rectangle.json"
        self.assert_succeeds(("spectrogram", recording, "--model", card, "-o", self.output,
                              "--figure", "none"), stdout=f"{self.output}/noise.spectrogram.npz\n")

    def test_a_card_inside_the_model_is_read(self):
        self.assert_succeeds(("spectrogram", self.noise_file(), "--model",
                              self.model("card-inside"), "-o", self.output, "--figure", "none"),
                             stdout=f"{self.output}/noise.spectrogram.npz\n")

    def test_one_recording_that_fails_does_not_stop_the_others(self):
        missing = self.folder / "missing.wav"
        done = self.relax("spectrogram", self.noise_file(), missing, "--model",
                          self.model("rectangle"), "-o", self.output, "--figure", "none")
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertEqual(done.stdout, f"{self.output}/noise.spectrogram.npz\n")
        self.assertEqual(done.stderr, f"relax-spectro: {missing}: no such file\n"
                                      "relax-spectro: 1 of 2 recordings failed\n")


class Embed(CliTestCase):
    def test_csv_has_a_row_for_each_window_and_a_column_for_each_number(self):
        recording = self.noise_file(duration_s=1.0)
        text = self.assert_succeeds(("embed", recording, "--model", self.model("tuple")))
        header, *rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(header, ["file", "first_frame_s", "last_frame_s", "relax_spectro", "heard",
                                  "heard_probability", "embedding_0", "embedding_1", "low", "high"])
        self.assertEqual(len(rows), 7)  # 124 frames: six windows of 20, one flush with the end
        for number, row in enumerate(rows):
            self.assertEqual(row[0], str(recording))
            low, high = map(float, row[8:])
            self.assertEqual((row[4], float(row[7])), ("low" if low > high else "high", 100.0))
            self.assertAlmostEqual(float(row[5]), 1 / (1 + np.exp(-abs(low - high))), places=5)
            if number < 6:
                self.assertAlmostEqual(float(row[1]), (number * FRAMES * HOP + 64) / RATE_HZ, 6)
        self.assertAlmostEqual(float(rows[6][2]), (123 * HOP + 64) / RATE_HZ, 6)

    def test_tail_can_be_dropped_and_the_hop_set(self):
        recording = self.noise_file(duration_s=1.0)
        arguments = ("embed", recording, "--model", self.model("tuple"))
        self.assertEqual(self.assert_succeeds((*arguments, "--drop-tail")).count("\n"), 1 + 6)
        self.assertEqual(
            self.assert_succeeds((*arguments, "--drop-tail", "--hop", "0.08")).count("\n"), 1 + 11)

    def test_npz_holds_the_numbers_of_the_csv(self):
        recordings = [self.noise_file("a.wav", 1.0), self.noise_file("b.wav", 0.3)]
        path = self.output / "embeddings.npz"
        arguments = ("embed", *recordings, "--model", self.model("tuple"))
        text = self.assert_succeeds(arguments)
        self.assert_succeeds((*arguments, "-o", path, "--batch-size", "2"), stdout=f"{path}\n")
        self.assertEqual(self.files_left(), ["embeddings.json", "embeddings.npz"])
        rows = list(csv.reader(io.StringIO(text)))[1:]
        with np.load(path) as arrays:
            self.assertEqual(set(arrays.files), {"embedding", "class_scores", "bands", "file_index",
                                                 "first_frame_s", "last_frame_s"})
            numbers = np.array([[float(cell) for cell in row[6:]] for row in rows])
            np.testing.assert_allclose(
                np.concatenate([arrays["embedding"], arrays["class_scores"]], axis=1), numbers,
                rtol=1e-6)
            np.testing.assert_array_equal(arrays["file_index"],
                                          [recordings.index(Path(row[0])) for row in rows])
        summary = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        self.assertEqual(summary["files"], [str(file) for file in recordings])
        self.assertEqual(summary["labels"], ["low", "high"])

    def test_changed_copies_stand_beside_the_recording(self):
        recordings = [self.noise_file("a.wav", 1.0), self.noise_file("b.wav", 0.3)]
        path = self.output / "copies.npz"
        arguments = ("embed", *recordings, "--model", self.model("tuple"))
        self.assert_succeeds((*arguments, "-o", self.output / "plain.npz"))
        perturb = ("--perturb", "gain:-6dB,mask:0.5x2")
        self.assert_succeeds((*arguments, *perturb, "-o", path))
        names = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["perturbations"]
        self.assertEqual(names, ["none", "gain:-6dB", "mask:0.5"])
        with np.load(path) as copies, np.load(self.output / "plain.npz") as plain:
            self.assertEqual(set(copies.files) - set(plain.files), {"perturbation", "copy"})
            unchanged = copies["perturbation"] == 0
            for name in plain.files:
                np.testing.assert_array_equal(copies[name][unchanged], plain[name])
            of_b = copies["file_index"] == 1
            windows = (plain["file_index"] == 1).sum()
            np.testing.assert_array_equal(copies["perturbation"][of_b], np.repeat([0, 1, 2, 2], windows))
            np.testing.assert_array_equal(copies["copy"][of_b], np.repeat([0, 0, 0, 1], windows))
            self.assertEqual(len(np.unique(copies["bands"][of_b].round(3), axis=0)), 4 * windows)
        before = path.read_bytes()
        self.assert_succeeds((*arguments, *perturb, "-o", path, "--overwrite"))
        self.assertEqual(path.read_bytes(), before)
        self.assert_succeeds((*arguments, *perturb, "--seed", 1, "-o", path, "--overwrite"))
        self.assertNotEqual(path.read_bytes(), before)
        rows = list(csv.DictReader(io.StringIO(self.assert_succeeds((*arguments, *perturb)))))
        self.assertEqual([(row["perturbation"], row["copy"]) for row in rows[-4 * windows::windows]],
                         [("none", "0"), ("gain:-6dB", "0"), ("mask:0.5", "0"), ("mask:0.5", "1")])
        self.output = self.folder / "refused"
        self.assert_refused(("embed", *recordings, "--model", self.model("tuple"), "--perturb", "gain:-6dB,noise:20",
                             "-o", self.output / "other.npz"), USAGE, "--perturb: 'noise:20'", "such as noise:20dB")

    def test_a_csv_file_is_written_and_not_replaced_unasked(self):
        path = self.output / "embeddings.csv"
        arguments = ("embed", self.noise_file(), "--model", self.model("tuple"), "-o", path)
        self.assert_succeeds(arguments, stdout=f"{path}\n")
        written = path.read_bytes()
        done = self.relax(*arguments)
        self.assertEqual((done.returncode, done.stdout), (FAILURE, ""))
        self.assertIn("--overwrite", done.stderr)
        self.assertEqual(path.read_bytes(), written)
        self.assert_succeeds((*arguments, "--overwrite"), stdout=f"{path}\n")

    def test_another_ending_is_refused(self):
        self.assert_refused(("embed", self.noise_file(), "--model", self.model("tuple"), "-o",
                             self.output / "embeddings.txt"), USAGE, "embeddings.txt", ".csv",
                            ".npz")


class Model(CliTestCase):
    def test_text_says_what_the_model_takes_and_gives(self):
        text = self.assert_succeeds(("model", self.model("tuple")))
        digest = hashlib.sha256(self.model("tuple").read_bytes()).hexdigest()
        for expected in ("tuple", digest, "16 bands", "20 frames (0.160 s)", "one every 0.160 s", "8000 Hz",
                         "silence       -2", "front end     not checked", "embedding     2", "class scores  2", "0  low",
                         "1  high", "LibTorch"):
            self.assertIn(expected, text)

    def test_json_holds_the_card_and_the_sizes(self):
        for name in ("tuple", "dict", "named-method"):
            told = json.loads(self.assert_succeeds(("model", self.model(name), "--json")))
            self.assertEqual((told["embedding_size"], told["class_count"]), (2, 2), name)
            self.assertEqual(told["path"], str(self.model(name)))
            self.assertEqual(told["card"]["name"], name)
            self.assertEqual(told["card"]["labels"], ["low", "high"])

    def test_a_hash_pins_the_file(self):
        digest = hashlib.sha256(self.model("tuple").read_bytes()).hexdigest()
        text = self.assert_succeeds(("model", self.model("tuple"), "--sha256", digest.upper()))
        self.assertIn("operators     ", text)
        self.assert_refused(("model", self.model("tuple"), "--sha256", "0" * 64), FAILURE, digest, "0" * 64)

    def test_what_is_printed_may_go_into_a_file(self):
        printed = self.assert_succeeds(("model", self.model("tuple"), "--json"))
        path = self.folder / "about.json"
        command = ("model", self.model("tuple"), "-q", "-o", path)
        self.assert_succeeds(command, stdout=f"{path}\n")
        self.assertEqual(path.read_text(), printed)
        self.assert_refused(command, FAILURE, path, "--overwrite")
        self.assert_succeeds((*command, "--overwrite"))

    def test_models_that_come_along_are_found_by_name(self):
        models = sorted((SOURCE_FOLDER / "models").glob("*.pt"))
        if not models:
            self.skipTest("no models come along yet")
        for model in models:
            told = json.loads(self.assert_succeeds(("model", model.stem, "--json")))
            self.assertEqual(told["format"], "relax-spectro model")
            self.assertEqual(told["card"]["name"], model.stem)
            self.assertEqual(told["sha256"], hashlib.sha256(model.read_bytes()).hexdigest())

    def test_an_unknown_name_is_refused_with_those_that_come_along(self):
        self.assert_refused(("model", "no-such-model"), FAILURE, "no-such-model",
                            "expected a file, or one of: ")


class NamesOfModels(CliTestCase):
    def test_a_result_with_a_models_name_is_not_taken_for_its_card(self):
        recording = self.noise_file("bird.wav")
        model = shutil.copy(self.model("card-inside"), self.folder / "bird.pt")
        for _ in range(2):
            self.assert_shows(("explain", recording, "--model", model, "-o", self.folder, "--overwrite", "--quiet",
                               *quick()), self.folder / "bird.npz")

    def test_a_card_is_not_overwritten(self):
        recording = self.noise_file("rectangle.wav")
        for ending in (".pt", ".json"):
            shutil.copy(self.model("rectangle").with_suffix(ending), self.folder)
        card = self.folder / "rectangle.json"
        before = card.read_bytes()
        self.assert_refused(("explain", recording, "--model", self.folder / "rectangle.pt", "-o", self.folder,
                             "--overwrite", *quick()), FAILURE, card, "relax-spectro did not make it")
        self.assertEqual(card.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
