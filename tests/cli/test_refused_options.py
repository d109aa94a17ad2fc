"""Options and mask files that the programs refuse, as in test_refusals.py."""

import unittest
from typing import ClassVar

import numpy as np

from cli_test_case import BANDS, CliTestCase, FAILURE, FRAMES, ONE_WINDOW_S, USAGE, quick


class Options(CliTestCase):
    def setUp(self):
        super().setUp()
        self.recording = self.noise_file(duration_s=ONE_WINDOW_S)

    def assert_not_understood(self, options, *expected, code=USAGE):
        return self.assert_refused(
            ("explain", self.recording, "--model", self.model("rectangle"), "-o", self.output,
             "--figure", "none", *options), code, *expected)

    def test_a_grid_that_is_none(self):
        for grid in ("7", "0x7", "7x0", "axb", "-1x3", "7x7x7", "7 x 7", "", "1.5x2",
                     "99999999999x7"):
            self.assert_not_understood(("--grid", grid), "--grid", f"'{grid}'", "FREQUENCYxTIME")

    def test_a_grid_of_more_cells_than_bins(self):
        self.assert_not_understood(("--grid", "17x4"), "17 cells along frequency", "1 to 16")
        self.assert_not_understood(("--grid", "4x21"), "21 cells along time", "1 to 20")

    def test_a_grid_in_units_that_does_not_fit(self):
        refusals = {"50Hzx5": ("50Hz along frequency", "Hz apart there", "Hz or more"),
                    "5kHzx5": ("5000Hz along frequency", "at most 4000 Hz", "0 Hz and 4000 Hz"),
                    "5x1ms": ("0.001s along time", "20 frames", "0.008 s (one frame) or more"),
                    "0.1sx5": ("'0.1sx5'", "Hertz along frequency, which comes first"),
                    "0Hzx5": ("'0Hzx5'", "more than 0"), "allx5": ("'allx5'", "only for --window")}
        for grid, expected in refusals.items():
            self.assert_not_understood(("--grid", grid), "--grid is", *expected)

    def test_windows_that_do_not_fit(self):
        refusals = {"17x4": ("17 bins along frequency", "1 to 16"),
                    "4x21": ("21 bins along time", "1 to 20"),
                    "50Hzx4": ("50Hz along frequency", "there is no band", "Hz or more"),
                    "4001Hzx4": ("4001Hz along frequency", "at most 4000 Hz"),
                    "4x0.2s": ("0.2s along time", "at most 0.16 s"),
                    "4x1ms": ("0.001s along time", "0.008 s or more"),
                    "4x4,17x4": ("17 bins along frequency", "1 to 16"),
                    "4x4,": ("''", "FREQUENCYxTIME"), "4x4;2x2": ("'4x4;2x2'",),
                    ",".join(["1x1"] * 33): ("33 sizes", "1 to 32")}
        for window, expected in refusals.items():
            self.assert_not_understood(("--family", "window", "--window", window), "--window",
                                       *expected)
        self.assert_not_understood(
            ("--family", "window", "--window", "1x1,2x2,4x4", "--stride", "1x1,2x2"),
            "--stride lists 2 strides for 3 windows", "one for all, or one for each")
        self.assert_not_understood(("--family", "window", "--stride", "0x8"), "--stride is '0x8'")
        self.assert_not_understood(("--family", "window", "--stride", "8x1ms"),
                                   "--stride is 0.001s along time", "0.008 s or more")

    def test_too_few_masks(self):
        for masks in ("0", "1"):
            self.assert_not_understood(("--masks", masks), f"--masks is {masks}", "2 to ")

    def test_numbers_that_are_none(self):
        for options in (("--masks", "many"), ("--masks", "2.5"), ("--seed", "x"),
                        ("--keep", "half"), ("--channel", "left"), ("--threads", "two"),
                        ("--hop", "long")):
            self.assert_not_understood(options, options[0], "Try: relax-spectro explain --help")

    def test_whole_numbers_below_zero_or_beyond_what_a_machine_counts(self):
        for option in ("--masks", "--seed", "--batch-size"):
            for value in ("-1", "18446744073709551616"):
                with self.subTest(option=option, value=value):
                    self.assert_not_understood((option, value, "--threads", "1"), option)

    def test_a_keep_probability_outside_its_range(self):
        for keep in ("0", "1", "nan", "-0.5", "1.5", "inf"):
            self.assert_not_understood(("--keep", keep), "--keep is", "between 0 and 1")

    def test_names_that_are_not_known_list_those_that_are(self):
        known = {"--fill": ("zero", "silence"),
                 "--estimator": ("mask-sum", "expected"),
                 "--uncertainty": ("variance", "unnormalised")}
        self.assert_not_understood(("--edges", "nonsense"), "'nonsense'", "smooth, hard")
        for option, names in known.items():
            self.assert_not_understood((option, "nonsense"), "'nonsense'", option[2:], *names)

    def test_figure_formats_that_are_not_known(self):
        done = self.relax("explain", self.recording, "--figure", "gif")
        self.assertEqual((done.returncode, done.stdout), (USAGE, ""))
        for text in ("--figure", "gif", "png", "svg", "pdf", "none"):
            self.assertIn(text, done.stderr)

    def test_options_that_are_at_odds(self):
        self.assert_not_understood(("--estimator", "expected", "--uncertainty", "unnormalised"),
                                   "--uncertainty unnormalised", "mask-sum")
        self.assert_not_understood(("--estimator", "mean-drop"), "only for --family window")
        self.assert_not_understood(("--estimator", "mask-sum", "--family", "window"), "mean-drop")
        masks = self.folder / "masks.npz"
        self.assert_succeeds(("masks", "--shape", f"{BANDS}x{FRAMES}", "-n", "20", "-o", masks))
        self.assert_not_understood(("--estimator", "expected", "--masks-file", masks),
                                   "--masks-file", "mask-sum")

    def test_devices_that_are_none(self):
        for device in ("tpu", "cuda:x", "CPU", ""):
            self.assert_not_understood(("--device", device), f"'{device}'", "cpu, cuda")

    def test_cuda_where_it_is_not_there(self):
        done = self.relax("explain", self.recording, "--model", self.model("rectangle"), "-o",
                          self.output, *quick(), "--device", "cuda:99")
        self.assertEqual((done.returncode, done.stdout), (FAILURE, ""))
        self.assertTrue(done.stderr.startswith("relax-spectro: --device cuda"), done.stderr)
        self.assertRegex(done.stderr, "no CUDA part|cannot be loaded|no such CUDA device")
        self.assertIn("use --device cpu", done.stderr)
        self.assertEqual(self.files_left(), [])

    def test_threads_and_batches_outside_their_range(self):
        for threads in ("-1", "100000"):
            self.assert_not_understood(("--threads", threads), f"--threads is {threads}")
        for size in ("0", "16x2,8", "f"):
            self.assert_not_understood(("--batch-size", size), f"--batch-size is '{size}'", "1 to 65536", "16f")

    def test_a_hop_outside_its_range(self):
        for hop in ("0", "-1", "0.5", "nan"):
            self.assert_not_understood(("--hop", hop), "--hop is", "0.008 s", "0.16 s")

    def test_options_that_are_not_there_or_lack_a_value(self):
        for options in (("--grdi", "7x7"), ("--masks",), ("-z",)):
            self.assert_not_understood(options, options[0], "Try: relax-spectro explain --help")

    def test_no_recording_at_all(self):
        for stage in ("explain", "spectrogram", "embed"):
            self.assert_refused((stage,), USAGE, "FILE is required", f"Try: relax-spectro {stage} --help")

    def test_what_the_masks_stage_refuses(self):
        refusals = (((), "expected --shape FREQUENCYxTIME"), (("--shape", "16"), "--shape is '16'"),
                    (("--shape", "16x20", "--grid", "500Hzx5"),
                     "500Hz along frequency; the frequencies of bands depend on the model: name it with --model"),
                    (("--shape", "16x20", "--grid", "5x0.1s"), "name it with --model"),
                    (("--shape", "17x20", "--model", self.model("rectangle")), "expected 16"),
                    (("--shape", "16x20", "--family", "window", "--window", "1x1,2x2"),
                     "--window lists 2 sizes; expected one"),
                    (("--shape", "16x20", "--grid", "17x4"), "17 cells along frequency"),
                    (("--shape", "16x20", "-n", "0"), "--masks"),
                    (("--shape", "16x20", "--keep", "1"), "is 1; expected"))
        for options, expected in refusals:
            self.assert_refused(("masks", "-o", self.output / "masks.npz", *options), USAGE,
                                expected)


    def test_names_that_the_masks_stage_does_not_write(self):
        for name, ending in (("masks.txt", ".txt"), ("masks", "has no ending")):
            self.assert_refused(("masks", "--shape", "16x20", "-o", self.output / name), USAGE,
                                name, ".npz", ".png, .svg or .pdf", ending)
        self.assert_refused(("masks", "--shape", "16x20", "--expanded", "-o",
                             self.output / "sheet.png"), USAGE, "--expanded", "sheet.png")

    def test_options_of_an_automatic_number_in_the_masks_stage(self):
        for option in ("--tolerance", "--max-masks"):
            self.assert_refused(("masks", "--shape", "16x20", option, "0.2", "-o",
                                 self.output / "masks.npz"), USAGE, option,
                                "Try: relax-spectro masks --help")


class MaskFiles(CliTestCase):
    GOOD: ClassVar = {"cell_bits": np.ones((5, 4, 4), np.uint8), "shift": np.zeros((5, 2), np.int64)}

    def assert_no_masks(self, path, *expected, code=FAILURE):
        self.assert_refused(("explain", self.noise_file(), "--model", self.model("rectangle"), "-o",
                             self.output, "--figure", "none", "--masks-file", path), code,
                            *expected)

    def assert_not_masks(self, *expected, code=FAILURE, **arrays):
        path = self.folder / "masks.npz"
        np.savez(path, **arrays)
        self.assert_no_masks(path, *expected, code=code)

    def test_files_that_are_none(self):
        self.assert_no_masks(self.folder / "missing.npz", "missing.npz: no such file")
        text = self.folder / "text.npz"
        text.write_text("This is not an archive.\n")
        self.assert_no_masks(text, text, "not a .npz file")

    def test_arrays_that_are_missing(self):
        for name in self.GOOD:
            others = {key: value for key, value in self.GOOD.items() if key != name}
            self.assert_not_masks(f"{name} is missing", **others)

    def test_arrays_of_another_shape(self):
        self.assert_not_masks("cell_bits has shape (5, 16)", "(N, rows, columns)",
                              **{**self.GOOD, "cell_bits": np.ones((5, 16), np.uint8)})
        for shape in ((5,), (4, 2)):
            self.assert_not_masks("shift has shape", "2)",
                                  **{**self.GOOD, "shift": np.zeros(shape, np.int64)})
        self.assert_not_masks("no masks", cell_bits=np.ones((0, 4, 4), np.uint8),
                              shift=np.zeros((0, 2), np.int64))

    def test_numbers_that_no_mask_has(self):
        for bit in (2.0, np.nan):
            bits = np.ones((5, 4, 4))
            bits[3, 1, 2] = bit
            self.assert_not_masks("cell_bits holds", "0 to 1", **{**self.GOOD, "cell_bits": bits})
        self.assert_not_masks("shift holds 4", "0 to 3",
                              **{**self.GOOD, "shift": np.full((5, 2), 4)})

    def test_a_grid_of_more_cells_than_the_model_has_bins(self):
        self.assert_not_masks("32 cells along frequency", code=USAGE,
                              cell_bits=np.ones((5, 32, 4), np.uint8),
                              shift=np.zeros((5, 2), np.int64))

    def test_a_single_mask(self):
        self.assert_not_masks("at least 2", code=USAGE, cell_bits=np.ones((1, 4, 4), np.uint8),
                              shift=np.zeros((1, 2), np.int64))


if __name__ == "__main__":
    unittest.main()
