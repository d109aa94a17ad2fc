"""The other stages: masks, spectrogram, embed, model; and the driver."""

import csv
import hashlib
import io
import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path

import numpy as np

from cli_test_case import (BANDS, CliTestCase, FAILURE, FRAMES, HOP, ONE_WINDOW_S, PROGRAMS, RATE_HZ,
                           SOME_FAILED, SOURCE_FOLDER, USAGE, WINDOW, quick, tone, write_wav)

def stages():
    """The driver says which there are."""
    text = subprocess.run([str(Path(PROGRAMS) / "relax-spectro"), "--help"], capture_output=True, text=True,
                          check=True).stdout
    return re.findall(r"(?m)^  ([a-z]+) {2,}", text[text.index("Stages:"):])


STAGES = stages()


def interpolation(cells, bins):
    """[bins, cells]: linear, half-pixel centres, held at the ends."""
    matrix = np.zeros((bins, cells))
    for b in range(bins):
        position = max(0.0, (b + 0.5) * cells / bins - 0.5)
        cell = min(int(position), cells - 1)
        matrix[b, cell] += 1 - (position - cell)
        matrix[b, min(cell + 1, cells - 1)] += position - cell
    return matrix


def expand(bits, shift, bins):
    """A mask by the law that the RELAX package publishes, restated."""
    along_frequency = interpolation(bits.shape[0], bins[0])
    along_time = interpolation(bits.shape[1], bins[1])
    upsampled = along_frequency @ bits @ along_time.T
    padded = np.pad(upsampled, [(side // 2, side // 2) for side in bits.shape], mode="reflect")
    return padded[shift[0]:shift[0] + bins[0], shift[1]:shift[1] + bins[1]]


class Masks(CliTestCase):
    def draw(self, *options, output="masks.npz"):
        path = self.folder / output
        said = self.assert_succeeds(("masks", "-o", path, *options))
        self.assertRegex(said, f"^{re.escape(str(path))}\n[0-9]+ masks; weight of a bin.*: 0\\.[0-9]+ ")
        with np.load(path) as arrays:
            return {name: arrays[name] for name in arrays.files}

    def test_expanded_masks_follow_the_published_law(self):
        for bins, grid in (((16, 20), (4, 4)), ((23, 31), (5, 7)), ((12, 40), (3, 8)),
                           ((7, 9), (7, 9)), ((10, 10), (1, 2))):
            arrays = self.draw("--shape", f"{bins[0]}x{bins[1]}", "--grid", f"{grid[0]}x{grid[1]}",
                               "-n", "50", "--expanded", output=f"{bins[0]}.npz")
            self.assertEqual(set(arrays), {"cell_bits", "shift", "masks"})
            self.assertEqual(arrays["cell_bits"].shape, (50, *grid))
            self.assertEqual(arrays["shift"].shape, (50, 2))
            self.assertEqual(arrays["masks"].shape, (50, *bins))
            self.assertEqual(arrays["masks"].dtype, np.float32)
            for bits, shift, mask in zip(arrays["cell_bits"], arrays["shift"], arrays["masks"]):
                np.testing.assert_allclose(mask, expand(bits, shift, bins), rtol=0, atol=1e-6)

    def test_hard_edges_give_each_bin_the_weight_of_its_cell(self):
        arrays = self.draw("--shape", "16x20", "--grid", "3x5", "-n", "30", "--edges", "hard",
                           "--expanded")
        self.assertEqual(set(arrays), {"cell_bits", "shift", "masks", "hard_edges"})
        self.assertEqual(arrays["hard_edges"].tolist(), [1])
        for bits, shift, mask in zip(arrays["cell_bits"], arrays["shift"], arrays["masks"]):
            rows = (2 * np.arange(16) + 1) * 3 // 32
            columns = (2 * np.arange(20) + 1) * 5 // 40
            padded = np.pad(bits[np.ix_(rows, columns)], ((1, 1), (2, 2)), mode="reflect")
            np.testing.assert_array_equal(
                mask, padded[shift[0]:shift[0] + 16, shift[1]:shift[1] + 20])

    def test_a_model_says_the_shape_and_what_units_are(self):
        arrays = self.draw("--model", self.model("rectangle"), "--grid", "500Hzx40ms", "-n", "30",
                           "--edges", "hard", "--family", "frequency", "--expanded")
        self.assertEqual(arrays["masks"].shape, (30, BANDS, FRAMES))
        self.assertEqual(arrays["cell_bits"].shape, (30, 8, 1))
        self.assertEqual(arrays["even_in_hertz"].tolist(), [1])
        longer = self.draw("--model", self.model("rectangle"), "--shape", f"{BANDS}x40", "--grid",
                           "4x40ms", "-n", "3", output="longer.npz")
        self.assertEqual(longer["cell_bits"].shape, (3, 4, 8))

    def test_cells_are_kept_with_the_probability_and_shifts_are_even(self):
        arrays = self.draw("--shape", "16x20", "--grid", "4x5", "-n", "4000", "--keep", "0.3")
        self.assertEqual(set(arrays), {"cell_bits", "shift"})
        self.assertEqual(set(np.unique(arrays["cell_bits"])), {0, 1})
        self.assertAlmostEqual(arrays["cell_bits"].mean(), 0.3, delta=0.01)
        for axis, shifts in enumerate((4, 5)):
            counts = np.bincount(arrays["shift"][:, axis])
            self.assertEqual(len(counts), shifts)
            self.assertLess(np.abs(counts / 4000 - 1 / shifts).max(), 0.04)

    def test_more_masks_of_a_seed_begin_with_the_fewer(self):
        few = self.draw("--shape", "16x20", "-n", "10", "--seed", "3", output="few.npz")
        many = self.draw("--shape", "16x20", "-n", "30", "--seed", "3", output="many.npz")
        for name in few:
            np.testing.assert_array_equal(few[name], many[name][:10])

    def test_without_a_number_there_are_3000(self):
        self.assertEqual(len(self.draw("--shape", "16x20")["shift"]), 3000)

    def test_a_contact_sheet_is_drawn_where_the_name_is_a_figures(self):
        for family in ("random", "rise", "time", "frequency", "time-frequency", "window"):
            path = self.folder / f"{family}.png"
            said = self.assert_succeeds(("masks", "--shape", "16x40", "--family", family, "--grid",
                                         "4x5", "-n", "100", "-o", path))
            self.assertRegex(said, rf"^{re.escape(str(path))}\n[0-9]+ masks; weight of a bin.*\n$")
            self.assertTrue(path.read_bytes().startswith(b"\x89PNG"), family)
        for ending, magic in (("svg", b"<?xml"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")):
            path = self.folder / f"sheet.{ending}"
            self.assert_succeeds(("masks", "--shape", "16x40", "-o", path))
            self.assertTrue(path.read_bytes().startswith(magic), ending)

    def test_the_same_masks_give_the_same_contact_sheet(self):
        pictures = []
        for name, seed in (("a.png", "1"), ("b.png", "1"), ("c.png", "2")):
            self.assert_succeeds(("masks", "--shape", "16x40", "--seed", seed, "-o",
                                  self.folder / name))
            pictures.append((self.folder / name).read_bytes())
        self.assertEqual(pictures[0], pictures[1])
        self.assertNotEqual(pictures[0], pictures[2])

    def test_an_existing_contact_sheet_is_kept_unless_told_otherwise(self):
        path = self.folder / "sheet.png"
        arguments = ("masks", "--shape", "16x20", "-n", "3", "-o", path)
        self.assert_succeeds(arguments)
        before = path.read_bytes()
        self.assert_refused((*arguments, "--seed", 5), FAILURE, path, "--overwrite")
        self.assertEqual(path.read_bytes(), before)
        self.assert_succeeds((*arguments, "--seed", 5, "--overwrite"))
        self.assertNotEqual(path.read_bytes(), before)

    def test_the_default_file_is_masks_npz(self):
        said = self.assert_succeeds(("masks", "--shape", "16x20", "-n", "3"))
        self.assertTrue(said.startswith("masks.npz\n3 masks; "), said)
        self.assertTrue((self.folder / "masks.npz").is_file())

    def test_an_existing_file_is_kept_unless_told_otherwise(self):
        path = self.folder / "masks.npz"
        arguments = ("masks", "--shape", "16x20", "-n", "3", "-o", path)
        self.assert_succeeds(arguments)
        before = path.read_bytes()
        self.assert_refused((*arguments, "--seed", 5), FAILURE, path, "--overwrite")
        self.assertEqual(path.read_bytes(), before)
        self.assert_succeeds((*arguments, "--seed", 5, "--overwrite"))
        self.assertNotEqual(path.read_bytes(), before)


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
        self.assertEqual(header, ["file", "first_frame_s", "last_frame_s", "relax_spectro", "embedding_0",
                                  "embedding_1", "low", "high"])
        self.assertEqual(len(rows), 7)  # 124 frames: six windows of 20, one flush with the end
        for number, row in enumerate(rows):
            self.assertEqual(row[0], str(recording))
            self.assertEqual(float(row[5]), 100.0)
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
            self.assertEqual(set(arrays.files), {"embedding", "class_scores", "file_index",
                                                 "first_frame_s", "last_frame_s"})
            numbers = np.array([[float(cell) for cell in row[4:]] for row in rows])
            np.testing.assert_allclose(
                np.concatenate([arrays["embedding"], arrays["class_scores"]], axis=1), numbers,
                rtol=1e-6)
            np.testing.assert_array_equal(arrays["file_index"],
                                          [recordings.index(Path(row[0])) for row in rows])
        summary = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        self.assertEqual(summary["files"], [str(file) for file in recordings])
        self.assertEqual(summary["labels"], ["low", "high"])

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
        for expected in ("tuple", digest, "16 bands", "20 frames", "8000 Hz", "silence       -2",
                         "embedding     2", "class scores  2", "0  low", "1  high", "LibTorch"):
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
                            "come with relax-spectro")


class Driver(CliTestCase):
    def test_help_starts_with_an_example(self):
        helps = [("--help",), ("-h",), ("help",)] + [(stage, "--help") for stage in STAGES]
        for arguments in helps:
            text = self.assert_succeeds(arguments)
            self.assertTrue(text.startswith("Example:\n  relax-spectro "), text)

    def test_the_driver_lists_every_program(self):
        programs = {path.name for path in Path(PROGRAMS).glob("relax-spectro-*")}
        self.assertEqual({f"relax-spectro-{stage}" for stage in STAGES}, programs)

    def test_output_overwrite_and_quiet_exist_in_every_stage(self):
        for stage in STAGES:
            text = self.assert_succeeds((stage, "--help"))
            for option in (r"-o,--output PATH", r"--overwrite ", r"-q,--quiet "):
                self.assertRegex(text, rf"(?m)^  {option}", stage)

    def test_version_is_the_same_everywhere(self):
        version = self.assert_succeeds(("--version",))
        self.assertRegex(version, r"\Arelax-spectro [0-9]+\.[0-9]+\.[0-9]+\n\Z")
        for stage in STAGES:
            self.assert_succeeds((stage, "--version"), stdout=version)

    def test_without_a_stage_help_goes_to_stderr(self):
        done = self.relax()
        self.assertEqual((done.returncode, done.stdout), (USAGE, ""))
        self.assertTrue(done.stderr.startswith("Example:"))

    def test_an_unknown_stage_is_refused(self):
        done = self.relax("explian")
        self.assertEqual((done.returncode, done.stdout), (USAGE, ""))
        self.assertEqual(done.stderr, "relax-spectro: 'explian' is not a stage; did you mean 'explain'?\n"
                                      "Try: relax-spectro --help\n")
        done = self.relax("train")
        self.assertTrue(done.stderr.startswith("relax-spectro: 'train' is not a stage\n\nExample:"), done.stderr)

    def test_a_recording_or_a_folder_is_no_stage(self):
        recording = self.noise_file()
        for path, stage in ((recording, "explain"), (self.folder, "batch")):
            done = self.relax(path)
            self.assertEqual(done.returncode, USAGE)
            self.assertIn(f"not a stage; did you mean 'relax-spectro {stage} {path}'?\n", done.stderr)

    def test_typing_errors_get_the_nearest_option_or_value(self):
        recording = self.noise_file()
        for arguments, near in ((("--maks", "9"), "--masks"), (("--overwite",), "--overwrite"),
                                (("--fill", "slience"), "silence"), (("--score", "cosin"), "cosine"),
                                (("--family", "time-freqency"), "time-frequency"),
                                (("--preset", "relax-packages"), "relax-package"), (("--optimise", "offf"), "off"),
                                (("--precision", "bfloat"), "bfloat16")):
            self.assert_refused(("explain", recording, *arguments), USAGE, f"did you mean '{near}'?")
        self.assert_refused(("explain", recording, "--masks", "lots"), USAGE,
                            "--masks: 'lots' is neither auto nor a whole number")

    def test_a_full_disk_is_not_success(self):
        if not Path("/dev/full").exists():
            self.skipTest("no /dev/full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(self.programs / "relax-spectro"), "model", "--version"],
                                  stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, FAILURE)
        self.assertIn("could not be written", done.stderr)


class WhatIsLoaded(CliTestCase):
    """LibTorch takes a third of a second: only what runs a network may load it."""

    def libraries(self, *arguments):
        trace = self.folder / "libraries"
        trace.mkdir(exist_ok=True)
        done = self.relax(*arguments, LD_DEBUG="libs", LD_DEBUG_OUTPUT=str(trace / "of"))
        self.assertEqual((done.returncode, done.stderr), (0, ""), arguments)
        self.assertNotEqual(done.stdout, "", arguments)
        text = "".join(file.read_text(errors="replace") for file in trace.iterdir())
        for file in trace.iterdir():
            file.unlink()
        if "calling init" not in text:
            self.skipTest("this system's loader does not say what it loads")
        return text

    def test_help_masks_and_spectrogram_do_not_load_torch(self):
        self.assertIn("libtorch_cpu", self.libraries("model", self.model("rectangle")))
        for stage in STAGES:
            self.assertNotIn("libtorch", self.libraries(stage, "--help"), stage)
        self.assertNotIn("libtorch", self.libraries("masks", "--shape", "16x20", "-n", "3"))
        self.assertNotIn("libtorch", self.libraries(
            "masks", "--model", self.model("rectangle"), "-n", "3", "-o", "of-model.npz"))
        self.assertNotIn("libtorch", self.libraries(
            "spectrogram", self.noise_file(), "--model", self.model("rectangle")))


class NamesOfModels(CliTestCase):
    def test_a_result_with_a_models_name_is_not_taken_for_its_card(self):
        recording = self.noise_file("bird.wav")
        model = shutil.copy(self.model("card-inside"), self.folder / "bird.pt")
        for _ in range(2):
            self.assert_succeeds(("explain", recording, "--model", model, "-o", self.folder, "--overwrite", "--quiet",
                                  *quick()), stdout=f"{self.folder / 'bird.npz'}\n")

    def test_a_card_is_not_overwritten(self):
        recording = self.noise_file("rectangle.wav")
        for ending in (".pt", ".json"):
            shutil.copy(self.model("rectangle").with_suffix(ending), self.folder)
        card = self.folder / "rectangle.json"
        before = card.read_bytes()
        self.assert_refused(("explain", recording, "--model", self.folder / "rectangle.pt", "-o", self.folder,
                             "--overwrite", *quick()), FAILURE, card, "nothing in it says that relax-spectro made it")
        self.assertEqual(card.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
